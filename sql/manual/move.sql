  pgfold_json := '[]';
  for pgfold_row in execute ${boundaries} using ${size}::bigint loop
    pgfold_json := pgfold_json || jsonb_build_array(pgfold_row.upto);
  end loop;
  execute ${add_batches} using ${run}::bigint, ${step}::bigint, ${source}::text, pgfold_json::text;
  for pgfold_batch in select b.batch, b.above, b.upto from pgfold.batch b where b.run = ${run} and b.step = ${step} order by b.batch loop
    pgfold_began := clock_timestamp();
    pgfold_all := '[]';
    pgfold_ranges := jsonb_build_array(jsonb_build_object('above', to_jsonb(pgfold_batch.above), 'upto', to_jsonb(pgfold_batch.upto)));
    while jsonb_array_length(pgfold_ranges) > 0 loop
      pgfold_above := case when jsonb_typeof(pgfold_ranges->-1->'above') = 'array' then array(select jsonb_array_elements_text(pgfold_ranges->-1->'above')) end;
      pgfold_upto := case when jsonb_typeof(pgfold_ranges->-1->'upto') = 'array' then array(select jsonb_array_elements_text(pgfold_ranges->-1->'upto')) end;
      pgfold_ranges := pgfold_ranges - -1;
      begin
        execute ${batch} into pgfold_text using ${run}::bigint, pgfold_above, pgfold_upto;
        set constraints all immediate;
        pgfold_one := pgfold_text::jsonb;
        if (pgfold_one->>'renamed')::bigint > 0 then
          raise exception 'a trigger of the target changed the key of % rows', pgfold_one->>'renamed' using errcode = 'P0004';
        end if;
        if (pgfold_one->>'unresolved')::bigint > 0 then
          execute ${resolve} into pgfold_text using ${run}::bigint;
          if (pgfold_text::jsonb->>'open')::bigint > 0 then
            raise exception '% rows were inserted without an error and are not found: a trigger of the target drops them or puts them elsewhere', pgfold_text::jsonb->>'open'
              using errcode = 'P0004';
          end if;
          pgfold_one := pgfold_one || jsonb_build_object(
            'inserted', (pgfold_one->>'inserted')::bigint - least((pgfold_text::jsonb->>'found')::bigint, (pgfold_one->>'inserted')::bigint),
            'duplicate', (pgfold_one->>'duplicate')::bigint + (pgfold_text::jsonb->>'found')::bigint);
        end if;
      exception when data_exception or integrity_constraint_violation or program_limit_exceeded or raise_exception then
        -- the server refuses a row: halves of the range, until that row stands alone and is recorded
        get stacked diagnostics pgfold_code = returned_sqlstate, pgfold_object = column_name, pgfold_constraint = constraint_name,
          pgfold_message = message_text;
        execute ${halve} into pgfold_row using ${run}::bigint, pgfold_above, pgfold_upto;
        if pgfold_row.rows > 1 then
          pgfold_ranges := pgfold_ranges || jsonb_build_object('above', pgfold_row.middle, 'upto', to_jsonb(pgfold_upto))
            || jsonb_build_object('above', to_jsonb(pgfold_above), 'upto', pgfold_row.middle);
          continue;
        end if;
        execute ${reject_one} into pgfold_text using ${run}::bigint, pgfold_above, pgfold_upto, pgfold_code,
          coalesce(nullif(pgfold_object, ''), nullif(pgfold_constraint, '')), pgfold_message;
        pgfold_one := pgfold_text::jsonb;
      end;
      pgfold_all := pgfold_all || pgfold_one;
    end loop;
    with each as (
      select e.key, sum(e.value::bigint) as n from jsonb_array_elements(pgfold_all) a(j) cross join lateral jsonb_each_text(a.j) e
       where e.key in ('read', 'inserted', 'merged', 'duplicate', 'duplicate_in_source', 'filtered', 'rejected', 'unchanged', 'pending') group by e.key
    ), counted as (
      select k.kind, e.key, sum(e.value::bigint) as n
        from jsonb_array_elements(pgfold_all) a(j) cross join (values ('default', 'defaulted'), ('loss', 'lossy')) k(kind, word)
       cross join lateral jsonb_each_text(case when jsonb_typeof(a.j->k.word) = 'object' then a.j->k.word else '{}' end) e group by 1, 2
    )
    select (select jsonb_object_agg(key, n) from each)
           || jsonb_build_object('took_ms', extract(epoch from clock_timestamp() - pgfold_began) * 1000,
                'counters', jsonb_build_object('default', (select jsonb_object_agg(key, n) from counted where kind = 'default'),
                                               'loss', (select jsonb_object_agg(key, n) from counted where kind = 'loss')))
      into pgfold_one;
    if (pgfold_one->>'read')::bigint <> (select sum(e.value::bigint) from jsonb_each_text(pgfold_one - array['read', 'took_ms', 'counters']) e) then
      raise exception 'a batch read % rows and accounts for others; nothing was written', pgfold_one->>'read' using errcode = 'P0004';
    end if;
    execute ${commit_batch} using ${run}::bigint, ${step}::bigint, pgfold_batch.batch::bigint, 1::bigint, pgfold_one::text;
    pgfold_n := pgfold_n + (pgfold_one->>'read')::bigint;
    if (pgfold_one->>'inserted')::bigint + (pgfold_one->>'merged')::bigint > 0 then
      execute ${changed} using ${run}::bigint;
    end if;
  end loop;
  select coalesce(sum(b.rejected), 0) into pgfold_m from pgfold.batch b where b.run = ${run};
  if pgfold_m > ${max_rejects} then
    raise exception '% rows would be rejected, the manifest allows %; nothing of this source was written', pgfold_m, ${max_rejects}
      using errcode = 'P0004', hint = '`pgfold migrate --dry-run` shows them';
  end if;
  if pgfold_n <> (select count(*) from ${table}) then
    raise exception 'the source holds other rows than were read' using errcode = 'P0004';
  end if;
  select coalesce(sum(b.inserted + b.unchanged), 0) into pgfold_m from pgfold.batch b where b.run = ${run} and b.step = ${step};
  if pgfold_m not between ${low} and ${high} then
    raise exception '% rows arrived, expected are % to %', pgfold_m, ${low}, ${high} using errcode = 'P0004';
  end if;

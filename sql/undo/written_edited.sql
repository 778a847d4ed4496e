  -- rows that the enhancement wrote and somebody edited since
  if not pgfold_discard and exists (select from pgfold.step where run = ${run} and step = ${step} and state in ('running', 'done')) and to_regclass(${table_literal}) is not null then
    select count(*) into pgfold_n
      from pgfold.written_row w left join (select ${id} as id, ${image} as columns from only ${table} pgfold_t) n on n.id = w.id
     where w.run = ${run} and w.step = ${step} and w.table_name = ${place}
       and case w.what when 'deleted' then n.id is not null
                       when 'inserted' then w.left_hash is distinct from hashtextextended(n.columns::text, 0)
                       else w.left_hash is distinct from hashtextextended((select jsonb_object_agg(d, n.columns -> d)::text from unnest(${declared}::text[]) d), 0) end;
    if pgfold_n > 0 then
      raise exception '% rows of % that an enhancement wrote were edited since the run', pgfold_n, ${place}
        using errcode = 'P0004', hint = format('keep them with level rows or purge, or discard the edits: pgfold rollback --run %s --level %s --discard-edits --execute', ${run}, pgfold_level);
    end if;
  end if;

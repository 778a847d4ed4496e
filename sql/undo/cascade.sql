  for pgfold_depth in 1 .. 50 loop
    pgfold_n := 0;
    for pgfold_row in
      select k.conrelid::regclass as referrer, k.confrelid::regclass as parent,
             case k.confdeltype when 'n' then 'set null' when 'd' then 'set default' else 'delete' end as deed,
             string_agg(format('r.%I = t.%I', a.attname, f.attname), ' and ') as joined
        from pg_constraint k cross join lateral unnest(k.conkey, k.confkey) as c(a, f)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = c.a
        join pg_attribute f on f.attrelid = k.confrelid and f.attnum = c.f
       where k.contype = 'f' and k.confrelid in (select d.of from pg_temp.pgfold_reference d where d.depth = pgfold_depth and d.deed = 'delete')
       group by k.oid, k.conrelid, k.confrelid, k.confdeltype
    loop
      execute format('insert into pg_temp.pgfold_reference select r.tableoid, r.ctid, %L, %s from %s r join %s t on %s
          join pg_temp.pgfold_reference d on d.of = t.tableoid and d.line = t.ctid and d.depth = %s and d.deed = ''delete''
        on conflict do nothing', pgfold_row.deed, pgfold_depth + 1, pgfold_row.referrer, pgfold_row.parent, pgfold_row.joined, pgfold_depth);
      get diagnostics pgfold_m = row_count;
      pgfold_n := pgfold_n + pgfold_m;
    end loop;
    exit when pgfold_n = 0;
  end loop;
  delete from pg_temp.pgfold_reference s using pg_temp.pgfold_reference d
   where s.deed <> 'delete' and d.deed = 'delete' and d.of = s.of and d.line = s.line;
  select sum(l.n), string_agg(format('%s of %s (%s)', l.n, l.of::regclass, l.deed), ', ' order by l.of::regclass::text, l.deed) into pgfold_n, pgfold_text
    from (select of, deed, count(*) as n from pg_temp.pgfold_reference group by of, deed) l;
  if pgfold_n > 0 and current_setting('pgfold.drop_references', true) is distinct from 'on' then
    raise exception '% rows refer to rows of the run, and this would happen to them: %', pgfold_n, pgfold_text
      using errcode = 'P0004', hint = format('level rows keeps them; or let it happen: pgfold rollback --run %s --level %s --drop-references --execute', ${run}, pgfold_level);
  end if;
  if exists (select from pg_temp.pgfold_reference where of = ${target_literal}::regclass and deed = 'delete') then
    raise exception 'rows of the target that were there before refer to rows of the run'
      using errcode = 'P0004', hint = 'point them elsewhere first; a rollback never deletes a row that was there before';
  end if;
  for pgfold_row in
    select of::regclass as referrer, of, count(*) as n from pg_temp.pgfold_reference where deed = 'delete' group by of order by max(depth) desc
  loop
    execute format('delete from %s r using pg_temp.pgfold_reference d where d.deed = ''delete'' and d.of = %s and r.tableoid = d.of and r.ctid = d.line',
      pgfold_row.referrer, pgfold_row.of);
    get diagnostics pgfold_m = row_count;
    if pgfold_m <> pgfold_row.n then
      raise exception 'of % rows of % that refer to rows of the run only % could be let go', pgfold_row.n, pgfold_row.referrer, pgfold_m using errcode = 'P0004';
    end if;
  end loop;
  pgfold_effect := pgfold_effect || jsonb_build_object('references', coalesce((pgfold_effect ->> 'references')::bigint, 0) + coalesce(pgfold_n, 0));

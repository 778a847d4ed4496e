  -- a delete would take along, cut loose, or fail on rows that point here: they are found first, however far
  create temporary table if not exists pgfold_reference (of oid, line tid, deed text, depth int, primary key (of, line, deed)) on commit drop;
  delete from pg_temp.pgfold_reference;
${loose}
  for pgfold_row in
    select k.conrelid::regclass as referrer, k.conrelid = k.confrelid as itself, case k.confdeltype when 'n' then 'set null' when 'd' then 'set default' else 'delete' end as deed,
           string_agg(format('r.%I = t.%I', a.attname, f.attname), ' and ') as joined
      from pg_constraint k cross join lateral unnest(k.conkey, k.confkey) as c(a, f)
      join pg_attribute a on a.attrelid = k.conrelid and a.attnum = c.a
      join pg_attribute f on f.attrelid = k.confrelid and f.attnum = c.f
     where k.contype = 'f' and k.confrelid = ${target_literal}::regclass
     group by k.oid, k.conrelid, k.confdeltype
  loop
    execute format('insert into pg_temp.pgfold_reference select r.tableoid, r.ctid, %L, 1 from %s r join %s t on %s
        join pgfold.crosswalk x on t.%I = x.target_id::%s
       where x.run = %s and x.outcome = ''inserted'' and %s
         and (not %L::boolean or not exists (select from pgfold.crosswalk x where x.run = %s and x.outcome = ''inserted'' and x.target_id = to_jsonb(r) ->> %L and %s))
      on conflict do nothing', pgfold_row.deed, pgfold_row.referrer, ${target_literal}, pgfold_row.joined,
      ${id_literal}, ${type_literal}, ${run}, ${picked_literal}, pgfold_row.itself, ${run}, ${id_literal}, ${picked_literal});
  end loop;
${cascade}
  -- what refers to the pairs would go with them, too
  if exists (select from pg_catalog.pg_constraint k where k.contype = 'f' and k.confrelid = ${table}::regclass) then
    create temporary table if not exists pgfold_reference (of oid, line tid, deed text, depth int, primary key (of, line, deed)) on commit drop;
    delete from pg_temp.pgfold_reference;
    for pgfold_row in
      select k.conrelid::regclass as referrer, case k.confdeltype when 'n' then 'set null' when 'd' then 'set default' else 'delete' end as deed,
             string_agg(format('r.%I = t.%I', a.attname, f.attname), ' and ') as joined
        from pg_constraint k cross join lateral unnest(k.conkey, k.confkey) as c(a, f)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = c.a
        join pg_attribute f on f.attrelid = k.confrelid and f.attnum = c.f
       where k.contype = 'f' and k.confrelid = ${table}::regclass
       group by k.oid, k.conrelid, k.confdeltype
    loop
      execute format('insert into pg_temp.pgfold_reference select r.tableoid, r.ctid, %L, 1 from %s r join %s t on %s
          join (%s) d on t.%s = d.left_id::%s and t.%s = d.right_id::%s
        on conflict do nothing', pgfold_row.deed, pgfold_row.referrer, ${table}, pgfold_row.joined, ${going}, ${left}, ${left_type}, ${right}, ${right_type});
    end loop;
${cascade}  end if;

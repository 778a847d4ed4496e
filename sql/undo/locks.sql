  -- locked first, looked at second, changed third; tried again and again for a moment rather than once for long, so that
  -- nobody queues behind us
  pgfold_text := current_setting('lock_timeout');
  for pgfold_depth in 1 .. 12 loop
    begin
      perform set_config('lock_timeout', case when pgfold_depth < 9 then '700' else '3000' end, true);
      for pgfold_row in
        with recursive going (of, deletes) as (
          select to_regclass(${target_literal})::oid, ${deletes}
          union
          select to_regclass(m)::oid, true from unnest(${mappings}) m where to_regclass(m) is not null
          union
          select k.conrelid, k.confdeltype = 'c'
            from going g join pg_catalog.pg_constraint k on k.confrelid = g.of and k.contype = 'f'
           where g.deletes
        )
        select distinct c.oid::regclass as name
          from (select g.of from going g union select to_regclass(l)::oid from unnest(${loose}) l where ${deletes}) a
          join pg_catalog.pg_class c on c.oid = a.of
         -- who may not write to a table cannot lock it; its rows hold on to ours, which are locked one by one
         where c.relkind in ('r', 'p') and has_table_privilege(c.oid, 'update, delete, truncate') order by 1
      loop
        execute format('lock table %s in share row exclusive mode', pgfold_row.name);
      end loop;
      exit;
    exception when lock_not_available or deadlock_detected then
      if pgfold_depth = 12 then
        raise;
      end if;
    end;
    perform pg_sleep(0.1 + random() * 0.3);
  end loop;
  perform set_config('lock_timeout', pgfold_text, true);
  if ${deletes} and exists (select from pg_catalog.pg_constraint k where k.contype = 'f' and k.confrelid = to_regclass(${target_literal})
                             and not has_table_privilege(k.conrelid, 'update, delete, truncate'))
     and exists (select from pgfold.crosswalk x where x.run = ${run} and x.outcome = 'inserted') then
    perform from ${target} ${alias} join pgfold.crosswalk x on x.run = ${run} and x.outcome = 'inserted' and ${alias}.${id} = x.target_id::${id_type}
      for update of ${alias};
  end if;

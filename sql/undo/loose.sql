  if to_regclass(${by_literal}) is not null
     and not exists (select from pg_constraint where contype = 'f' and conrelid = to_regclass(${by_literal}) and confrelid = ${target_literal}::regclass) then
    insert into pg_temp.pgfold_reference
    select r.tableoid, r.ctid, 'delete', 1 from ${by} r join ${target} ${alias} on ${alias}.${to} = r.${column}
      join pgfold.crosswalk x on x.run = ${run} and x.outcome = 'inserted' and ${picked} and ${alias}.${id} = x.target_id::${id_type}
    on conflict do nothing;
  end if;

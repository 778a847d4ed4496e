  if not pgfold_part and to_regclass(${table_literal}) is not null and exists (select from pgfold.step where run = ${run} and step = ${step} and state in ('running', 'done')) then
${edited}${references}    delete from ${table} m using (${going}) d where m.${left} = d.left_id::${left_type} and m.${right} = d.right_id::${right_type};
    get diagnostics pgfold_n = row_count;
    -- pairs that the decision changed are as they were before it, and those that it replaced come back; what others
    -- added since stays
    update ${table} m set ${put_back}
      from (${replaced}) p cross join lateral jsonb_populate_record(null::${table}, p.columns) n
     where p.row_hash is not null and m.${left} = p.left_id::${left_type} and m.${right} = p.right_id::${right_type};
    get diagnostics pgfold_m = row_count;
    pgfold_n := pgfold_n + pgfold_m;
    insert into ${table} (${columns}) ${overriding}
    select ${values} from (${replaced}) p cross join lateral jsonb_populate_record(null::${table}, p.columns) n
     where p.row_hash is null
    on conflict (${left}, ${right}) do nothing;
    get diagnostics pgfold_m = row_count;
    pgfold_effect := pgfold_effect || jsonb_build_object('mappings', coalesce((pgfold_effect ->> 'mappings')::bigint, 0) + pgfold_n + pgfold_m);
  end if;

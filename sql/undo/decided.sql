  if not pgfold_part and to_regclass(${table}) is not null and exists (select from pgfold.step where run = ${run} and step = ${step} and state in ('running', 'done')) then
    ${undo};
    get diagnostics pgfold_n = row_count;
    pgfold_effect := pgfold_effect || jsonb_build_object('mappings', coalesce((pgfold_effect ->> 'mappings')::bigint, 0) + pgfold_n);
  end if;

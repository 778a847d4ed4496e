  if to_regclass(${table}) is not null and exists (select from pgfold.step where run = ${run} and step = ${step} and state in ('running', 'done', 'failed', 'undone')) then
    ${undo}
       and (not pgfold_part or d.left_id in (select x.target_id from pgfold.crosswalk x where x.run = ${run} and x.outcome = 'inserted' and ${picked}));
    get diagnostics pgfold_n = row_count;
    pgfold_effect := pgfold_effect || jsonb_build_object('mappings', coalesce((pgfold_effect ->> 'mappings')::bigint, 0) + pgfold_n);
  end if;

  if to_regclass(${table_literal}) is not null and exists (select from pgfold.step where run = ${run} and step = ${step} and state in ('running', 'done', 'failed', 'undone')) then
${edited}${references}    delete from ${table} m using (${going}) d where m.${left} = d.left_id::${left_type} and m.${right} = d.right_id::${right_type};
    get diagnostics pgfold_n = row_count;
    pgfold_effect := pgfold_effect || jsonb_build_object('mappings', coalesce((pgfold_effect ->> 'mappings')::bigint, 0) + pgfold_n);
  end if;

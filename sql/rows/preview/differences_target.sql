    select pgfold_k.pgfold_id as id, pgfold_k.pgfold_key as key, pgfold_k.pgfold_outcome as outcome, 'target ' || pgfold_k.pgfold_held as holder,
           ${there} as there, ${incoming} as incoming
      from pgfold_c pgfold_k join ${target} pgfold_t on ${target_id} = pgfold_k.pgfold_held ${again}
     where pgfold_k.pgfold_outcome in ('duplicate', 'merged') and (${bare_incoming}) is distinct from (${bare_there})

    select pgfold_k.pgfold_id as id, pgfold_k.pgfold_key as key, pgfold_k.pgfold_outcome as outcome,
           pgfold_k.pgfold_winner_source || ' ' || pgfold_k.pgfold_winner as holder, ${there} as there, ${incoming} as incoming
      from pgfold_c pgfold_k join ${winner} ${again}
     where pgfold_k.pgfold_outcome = 'duplicate_in_source' and pgfold_k.pgfold_winner_source = ${winner_source}
       and (${bare_incoming}) is distinct from (${bare_there})

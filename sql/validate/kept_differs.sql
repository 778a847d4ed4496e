(pgfold_t.pgfold_kept -> ${name} is distinct from ${here} and nullif(pgfold_t.pgfold_kept -> ${name}, 'null') is distinct from nullif(${here}, 'null'))

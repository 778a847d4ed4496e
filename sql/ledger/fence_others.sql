update pgfold.worker w set epoch = $2::bigint from pgfold.run r
 where r.run = w.run and r.consolidation = $1 and r.state not in ('completed', 'rolled back') and w.epoch < $2::bigint

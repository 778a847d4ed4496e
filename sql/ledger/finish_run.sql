update pgfold.run r set state = $2, error = $3, failure_class = $6, changed = changed or $4::boolean, finished_at = clock_timestamp()
 where r.run = $1::bigint
   and exists (select from pgfold.lease l where l.consolidation = r.consolidation and l.epoch = $5::bigint)

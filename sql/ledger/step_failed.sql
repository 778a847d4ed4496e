update pgfold.step s set state = 'failed', error = $3, finished_at = clock_timestamp()
 where s.run = $1::bigint and s.step = $2::bigint and s.state <> 'done'
   and exists (select from pgfold.worker w where w.run = s.run and w.worker = 1 and w.epoch = $4::bigint)

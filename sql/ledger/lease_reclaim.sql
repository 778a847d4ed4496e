update pgfold.lease l set backend = a.pid, backend_start = a.backend_start
  from pg_stat_activity a where a.pid = pg_backend_pid() and l.consolidation = $1 and l.epoch = $2::bigint

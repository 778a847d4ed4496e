update pgfold.lease l set backend = case when l.beat_at is null then a.pid end, backend_start = case when l.beat_at is null then a.backend_start end,
       beat_at = case when l.beat_at is not null then clock_timestamp() end
  from pg_stat_activity a where a.pid = pg_backend_pid() and l.consolidation = $1 and l.epoch = $2::bigint

-- one row: who operates the consolidation $1 now, or did last
select l.who, r.operator, l.backend, l.run, to_char(l.taken_at, 'YYYY-MM-DD HH24:MI:SS TZ') as since,
       coalesce(l.backend is null and l.beat_at >= clock_timestamp() - interval '10 seconds'
         or l.backend is not null and exists (
              select from pg_stat_activity a where a.pid = l.backend and (a.backend_start is null or a.backend_start = l.backend_start)), false) as alive
  from pgfold.lease l left join pgfold.run r on r.run = l.run where l.consolidation = $1

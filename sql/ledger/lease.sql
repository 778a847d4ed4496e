-- one number: the epoch, if the lease was free, its owner is gone, it is ours already, or it is taken over
insert into pgfold.lease as l (consolidation, epoch, backend, backend_start, who, token, beat_at)
select $1, 1, case when not $4::boolean then a.pid end, case when not $4::boolean then a.backend_start end, session_user, $3,
       case when $4::boolean then clock_timestamp() end
  from pg_stat_activity a where a.pid = pg_backend_pid()
on conflict (consolidation) do update
   set epoch = l.epoch + 1, run = null, backend = excluded.backend, backend_start = excluded.backend_start, who = excluded.who,
       token = excluded.token, beat_at = excluded.beat_at, taken_at = clock_timestamp()
 where $2::boolean or l.token = excluded.token
    or l.backend is null and (l.beat_at is null or l.beat_at < clock_timestamp() - interval '10 seconds')
    or l.backend is not null and not exists (
   select from pg_stat_activity a where a.pid = l.backend and (a.backend_start is null or a.backend_start = l.backend_start))
returning epoch::text

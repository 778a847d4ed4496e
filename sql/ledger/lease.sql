-- one number: the epoch, if the lease was free, its owner is gone, it is ours already, or it is taken over
insert into pgfold.lease as l (consolidation, epoch, backend, backend_start, who, token)
select $1, 1, a.pid, a.backend_start, session_user, $3 from pg_stat_activity a where a.pid = pg_backend_pid()
on conflict (consolidation) do update
   set epoch = l.epoch + 1, run = null, backend = excluded.backend, backend_start = excluded.backend_start, who = excluded.who,
       token = excluded.token, taken_at = clock_timestamp()
 where $2::boolean or l.backend is null or l.token = excluded.token or not exists (
   select from pg_stat_activity a where a.pid = l.backend and (a.backend_start is null or a.backend_start = l.backend_start))
returning epoch::text

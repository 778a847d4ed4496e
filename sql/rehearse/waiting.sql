-- a row is a session that waits for the session $1, with what it waits for
select a.pid::bigint as pid, coalesce(max(l.mode) || ' on ' || max(l.relation::regclass::text), min(a.wait_event)) as wants
  from pg_stat_activity a left join pg_locks l on l.pid = a.pid and not l.granted
 where a.pid <> pg_backend_pid() and $1::bigint::int = any (pg_blocking_pids(a.pid))
 group by a.pid

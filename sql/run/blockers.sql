-- a row is a session that holds a lock on one of the tables $1, the oldest transaction first; $2: sessions of ours
select a.pid, a.usename::text as "user", coalesce(nullif(a.application_name, ''), '?') as application, a.state,
       extract(epoch from clock_timestamp() - a.xact_start)::bigint as seconds,
       string_agg(distinct l.mode || ' on ' || l.relation::regclass::text, ', ') as locks
  from pg_locks l join pg_stat_activity a on a.pid = l.pid
 where l.granted and l.locktype = 'relation' and l.mode <> 'AccessShareLock'
   and l.database = (select d.oid from pg_database d where d.datname = current_database())
   and l.relation = any (select to_regclass(t)::oid from unnest($1::text[]) t)
   and a.pid <> all ($2::text[]::int[]) and a.pid <> pg_backend_pid()
 group by a.pid, a.usename, a.application_name, a.state, a.xact_start order by a.xact_start limit 5

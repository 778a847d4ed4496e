-- a row is a table that was there before ($1: the oids) with a lock of this session that keeps somebody out
select n.nspname || '.' || c.relname as table_name, l.mode
  from pg_locks l join pg_class c on c.oid = l.relation join pg_namespace n on n.oid = c.relnamespace
 where l.pid = pg_backend_pid() and l.granted and l.locktype = 'relation' and c.oid = any ($1::text[]::oid[])
   and l.database = (select d.oid from pg_database d where d.datname = current_database())
   and n.nspname not in ('pg_catalog', 'information_schema', 'pgfold') and n.nspname !~ '^pg_toast'
   and l.mode not in ('AccessShareLock', 'RowShareLock')
 order by 1, 2

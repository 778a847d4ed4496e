-- a row is one of the tables $1 that this transaction has altered, truncated or written to
select l.relation::regclass::text as "table" from pg_locks l
 where l.pid = pg_backend_pid() and l.locktype = 'relation' and l.granted
   and l.relation = any (select to_regclass(t)::oid from unnest($1::text[]) t)
   and l.mode in ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
 group by 1

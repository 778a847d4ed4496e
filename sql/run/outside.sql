-- a row is a table, of the system or not, and how many of its rows this transaction has written so far
select s.relid::bigint as id, n.nspname = 'pg_catalog' as of_the_system, case when n.nspname = $1::text then c.relname else n.nspname || '.' || c.relname end as "table",
       s.n_tup_ins + s.n_tup_upd + s.n_tup_del as rows,
       pg_catalog.pg_relation_filenode(s.relid)::bigint as filenode, case when c.relkind in ('r', 'm') and n.nspname <> 'pg_catalog' then pg_catalog.pg_relation_size(s.relid) > 0 end as filled
  from pg_catalog.pg_stat_xact_all_tables s join pg_catalog.pg_class c on c.oid = s.relid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where n.nspname not in ('pg_toast', 'information_schema', 'pgfold') and n.nspname not like 'pg\_temp\_%' and n.nspname not like 'pg\_toast\_temp\_%'

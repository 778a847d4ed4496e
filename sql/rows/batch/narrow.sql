-- one row: whether batches of $1 rows stay below half of $2 bytes, by the first rows and by where values are kept
select c.relkind = 'r' and coalesce(pg_relation_size(nullif(c.reltoastrelid, 0)), 0) = 0
   and (select coalesce(avg(q.size), 0) from (select ${size} as size from ${source} as ${alias} limit 1000) q) * $1::bigint <= $2::bigint / 2 as narrow
  from pg_class c where c.oid = ${table}::regclass

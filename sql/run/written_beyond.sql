-- a row is a column that an enhancement changed in rows of a table, and was not declared
select k.name as "column", count(*) as rows
  from pgfold.written_row w join (select ${id} as id, ${image} as columns from only ${table} pgfold_t) n on n.id = w.id
 cross join lateral pg_catalog.jsonb_object_keys(w.columns) k(name)
 where w.run = $1::bigint and w.step = $2::bigint and w.table_name = ${place} and w.columns is distinct from n.columns
   and w.columns -> k.name is distinct from n.columns -> k.name and k.name <> all (${declared}::text[])
 group by 1 order by 1

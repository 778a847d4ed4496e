-- keeps of the rows of before those that the enhancement changed or deleted, and notes what it left and what it inserted
with now as (
  select ${id} as id, ${image} as columns from only ${table} pgfold_t
), same as (
  delete from pgfold.written_row w using now n
   where w.run = $1::bigint and w.step = $2::bigint and w.table_name = ${place} and w.id = n.id and w.columns is not distinct from n.columns
), changed as (
  update pgfold.written_row w
     set what = 'changed', left_hash = pg_catalog.hashtextextended((select jsonb_object_agg(d, n.columns -> d)::text from unnest(${declared}::text[]) d), 0),
         columns = (select jsonb_object_agg(d, w.columns -> d) from unnest(${declared}::text[]) d)
    from now n
   where w.run = $1::bigint and w.step = $2::bigint and w.table_name = ${place} and w.id = n.id and w.columns is distinct from n.columns
), inserted as (
  insert into pgfold.written_row (run, step, table_name, id, columns, what, left_hash)
  select $1::bigint, $2::bigint, ${place}, n.id, '{}', 'inserted', pg_catalog.hashtextextended(n.columns::text, 0)
    from now n
   where not exists (select from pgfold.written_row w where w.run = $1::bigint and w.step = $2::bigint and w.table_name = ${place} and w.id = n.id)
)
update pgfold.written_row w set what = 'deleted'
 where w.run = $1::bigint and w.step = $2::bigint and w.table_name = ${place} and not exists (select from now n where n.id = w.id)

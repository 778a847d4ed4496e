-- notes how the decided pairs are left: a rollback compares them with it
with now as materialized (
  select m.${left}::text as left_id, m.${right}::text as right_id, ${row_hash} as row_hash
    from ${table} m
    join (select distinct g.left_id from jsonb_to_recordset($3::text::jsonb) as g(left_id text)) l on m.${left} = l.left_id::${left_type}
), images as (
  update pgfold.before_image b set after_hash = n.row_hash from now n
   where b.run = $1::bigint and b.step = $2::bigint and b.table_name = ${table_name} and b.id = jsonb_build_array(n.left_id, n.right_id)::text
  returning 1
)
update pgfold.mapped d set row_hash = n.row_hash from now n
 where d.run = $1::bigint and d.mapping = ${name} and d.is_new and d.left_id = n.left_id and d.right_id = n.right_id

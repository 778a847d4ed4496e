-- a person's file fills further columns of the pairs that it decides; what a pair of before held is kept
with given as (
  select g.left_id, g.right_id, g.put from jsonb_to_recordset($3::text::jsonb) as g(left_id text, right_id text, put jsonb) where g.put <> '{}'
), locked as materialized (
  select g.left_id, g.right_id, to_jsonb(m) as columns
    from ${table} m join given g on m.${left} = g.left_id::${left_type} and m.${right} = g.right_id::${right_type}
   order by 1, 2
     for update of m
), imaged as (
  insert into pgfold.before_image (run, step, table_name, id, columns)
  select $1::bigint, $2::bigint, ${table_name}, jsonb_build_array(k.left_id, k.right_id)::text, k.columns from locked k
   where not exists (select from pgfold.mapped d where d.run = $1::bigint and d.mapping = ${name} and d.left_id = k.left_id and d.right_id = k.right_id and d.is_new)
     and not exists (select from pgfold.before_image b where b.run = $1::bigint and b.step = $2::bigint and b.table_name = ${table_name}
                      and b.id = jsonb_build_array(k.left_id, k.right_id)::text)
  returning 1
)
update ${table} m set ${put}
  from given g cross join lateral jsonb_populate_record(null::${table}, g.put) n
 where m.${left} = g.left_id::${left_type} and m.${right} = g.right_id::${right_type}

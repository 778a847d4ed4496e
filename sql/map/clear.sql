-- what stands for the rows that a person decided, and is not decided again, is kept and makes room
with given as (
  select g.left_id, g.right_id from jsonb_to_recordset($3::text::jsonb) as g(left_id text, right_id text)
), locked as materialized (
  select m.${left}::text as left_id, m.${right}::text as right_id, to_jsonb(m) as columns
    from ${table} m join (select distinct g.left_id from given g) l on m.${left} = l.left_id::${left_type}
   order by 1, 2
     for update of m
), going as materialized (
  select k.* from locked k left join given g on g.left_id = k.left_id and g.right_id = k.right_id where g.left_id is null
), imaged as (
  insert into pgfold.before_image (run, step, table_name, id, columns)
  select $1::bigint, $2::bigint, ${table_name}, jsonb_build_array(k.left_id, k.right_id)::text, k.columns from going k
  returning 1
)
delete from ${table} m using going k where m.${left} = k.left_id::${left_type} and m.${right} = k.right_id::${right_type}

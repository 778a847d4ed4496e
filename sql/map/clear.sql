-- what stands for the rows that a person decided is kept, and makes room
with lefts as (
  select distinct g.left_id from jsonb_to_recordset($3::text::jsonb) as g(left_id text)
), imaged as (
  insert into pgfold.before_image (run, step, table_name, id, columns)
  select $1::bigint, $2::bigint, ${table_name}, jsonb_build_array(m.${left}::text, m.${right}::text)::text, to_jsonb(m)
    from ${table} m join lefts l on m.${left} = l.left_id::${left_type}
  returning 1
)
delete from ${table} m using lefts l where m.${left} = l.left_id::${left_type}

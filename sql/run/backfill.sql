-- a row is a target row that had no key; what it held before is kept
with filled as (
  update ${target} ${alias} set ${key} = (${existing})::text where ${alias}.${key} is null returning ${alias}.${id}::text as id
)
insert into pgfold.before_image (run, step, table_name, id, columns)
select $1::bigint, $2::bigint, ${table_name}, f.id, jsonb_build_object(${key_name}::text, null) from filled f

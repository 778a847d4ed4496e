-- a row is a target row that had no key; what it held before is kept, and what it was given
with filled as (
  update ${target} ${alias} set ${key} = (${existing})::text where ${alias}.${key} is null
  returning ${alias}.${id}::text as id, hashtextextended(${alias}.${key}::text, 0) as given
)
insert into pgfold.before_image (run, step, table_name, id, columns, after_hash)
select $1::bigint, $2::bigint, ${table_name}, f.id, jsonb_build_object(${key_name}::text, null), f.given from filled f

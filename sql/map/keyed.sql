-- a row is one of the keys $1 that a live row has, with the row's id
select ${alias}.${key}::text as key, ${alias}.${id}::text as id from ${target} ${alias} where (${live}) and ${alias}.${key}::text = any ($1::text[])

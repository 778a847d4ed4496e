-- a row is a row that may be mapped to
select r.${id}::text as id, r.${code}::text as code, r.${name}::text as name from ${table} r order by r.${code}

-- one row: how many rows a table has, and a sum of their hashes
select count(*) as rows, coalesce(sum(${hash}), 0)::text as digest from ${table} ${alias}

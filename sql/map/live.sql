-- one number: the target's live rows
select count(*) from ${target} ${alias} where (${live})

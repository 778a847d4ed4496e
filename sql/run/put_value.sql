-- a row is a value that an enhancement put into a column or table it added, and how often
insert into pgfold.put_value (run, step, place, hash, rows)
select $1::bigint, $2::bigint, ${place}, ${hash}, count(*) from ${table} pgfold_t where ${foreign} group by 4

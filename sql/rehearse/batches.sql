-- one row: the batches of the step $2 of the run $1, and the milliseconds of the longest
select count(*) as batches, max(b.took_ms) as longest from pgfold.batch b where b.run = $1::bigint and b.step = $2::bigint

-- one number: how many rows the committed batches of the run $1, and the one under way, rejected
select coalesce(sum(b.rejected), 0)::bigint as rows from pgfold.batch b where b.run = $1::bigint

-- a row is a batch that is not committed
select batch, above, upto from pgfold.batch
 where run = $1::bigint and step = $2::bigint and committed_at is null order by batch

-- one row: how far the step is
select count(*) as batches, count(*) filter (where committed_at is not null) as done, coalesce(sum(read), 0) as read
  from pgfold.batch where run = $1::bigint and step = $2::bigint

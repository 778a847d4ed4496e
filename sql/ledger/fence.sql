-- no row: somebody took over
select 1 as ok from pgfold.worker where run = $1::bigint and worker = $2::bigint and epoch = $3::bigint for update

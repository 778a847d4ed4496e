-- one row: how many rows the run rejects
select count(*) as rows from pgfold.crosswalk where run = $1::bigint and outcome = 'rejected'

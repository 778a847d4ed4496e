-- a row is the baseline of an application query of the run $1
select query, role, rows, median_ms, yardstick_ms, error from pgfold.query_baseline where run = $1::bigint

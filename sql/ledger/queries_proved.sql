-- a row is what an application query did when the run $1 was first proved
select query, role, rows, median_ms, error from pgfold.query_proved where run = $1::bigint

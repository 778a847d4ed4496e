-- at most one row: the settings that the run $1 was made with
select run, config from pgfold.run where run = $1::bigint

-- at most one row: how the run $1 goes through its gates
select way, run from pgfold.run where run = $1::bigint

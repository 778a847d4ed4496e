-- a row is a part of the time of the run $1
select part, ms from pgfold.timing where run = $1::bigint order by ms desc, part

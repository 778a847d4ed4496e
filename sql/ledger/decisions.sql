-- a row is an answer at a gate of the run $1, oldest first
select gate, version, answer, who, reason from pgfold.gate where run = $1::bigint order by id

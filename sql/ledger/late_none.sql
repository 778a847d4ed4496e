delete from pgfold.late where run = $1::bigint

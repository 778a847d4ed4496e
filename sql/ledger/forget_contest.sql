delete from pgfold.verdict where run = $1::bigint

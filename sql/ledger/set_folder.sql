update pgfold.run set folder = $2 where run = $1::bigint

update pgfold.run set validated = $2::boolean where run = $1::bigint

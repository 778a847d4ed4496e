update pgfold.worker set epoch = $2::bigint where run = $1::bigint

update pgfold.lease set run = $2::bigint where consolidation = $1 and epoch = $3::bigint

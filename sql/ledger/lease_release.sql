update pgfold.lease set backend = null, backend_start = null, beat_at = null where consolidation = $1 and epoch = $2::bigint

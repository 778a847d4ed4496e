update pgfold.lease set beat_at = clock_timestamp() where consolidation = $1 and epoch = $2::bigint and beat_at is not null

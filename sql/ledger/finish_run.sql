update pgfold.run set state = $2, error = $3, changed = changed or $4::boolean, finished_at = clock_timestamp() where run = $1::bigint

update pgfold.run set changed = true where run = $1::bigint and not changed

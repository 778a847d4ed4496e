update pgfold.run set state = $2 where run = $1::bigint and state <> $2

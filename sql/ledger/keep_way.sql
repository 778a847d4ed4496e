update pgfold.run set way = $2, estimated_ms = coalesce($3::double precision, estimated_ms) where run = $1::bigint

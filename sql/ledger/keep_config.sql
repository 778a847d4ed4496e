update pgfold.run set config = $2::text::jsonb, outside_window = $3 where run = $1::bigint

update pgfold.run set digest = $2::text::jsonb where run = $1::bigint

update pgfold.run set rehearsed = $2::text::jsonb || jsonb_build_object('at', clock_timestamp()) where run = $1::bigint

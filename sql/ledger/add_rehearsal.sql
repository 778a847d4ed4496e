insert into pgfold.rehearsal (consolidation, rows, took_ms, moving_ms) values ($1::text, $2::bigint, $3::text::float8, $4::text::float8)

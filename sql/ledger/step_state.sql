update pgfold.step set state = $3, rows = coalesce($4::text::bigint, rows), error = $5,
  started_at = case when $3 = 'running' then clock_timestamp() else started_at end,
  finished_at = case when $3 in ('done', 'failed', 'skipped') then clock_timestamp() end
where run = $1::bigint and step = $2::bigint

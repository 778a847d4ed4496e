insert into pgfold.query_baseline (run, query, role, rows, median_ms, yardstick_ms, error)
select $1::bigint, b.query, b.role, b.rows, b.median_ms, b.yardstick_ms, b.error
  from jsonb_to_recordset($2::text::jsonb) as b(query text, role text, rows bigint, median_ms float8, yardstick_ms float8, error text)
on conflict do nothing

update pgfold.run r set reference = coalesce($2, reference), operator = $3, approval = $4, estimated_rows = $5::bigint, dictionary = $6::text::jsonb,
  estimated_ms = 100 * (select count(*) from pgfold.step s where s.run = r.run)
    + 1000 * $5::bigint / coalesce((
        select percentile_cont(0.5) within group (order by m.read / m.duration_ms * 1000) from pgfold.migrations m
         where m.consolidation = r.consolidation and m.run < r.run and m.state = 'completed' and m.read > 0 and m.duration_ms > 0), 20000)
where r.run = $1::bigint

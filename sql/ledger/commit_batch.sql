update pgfold.batch b set worker = $4::bigint, read = (a.j->>'read')::bigint, inserted = (a.j->>'inserted')::bigint,
  merged = (a.j->>'merged')::bigint, duplicate = (a.j->>'duplicate')::bigint,
  duplicate_in_source = (a.j->>'duplicate_in_source')::bigint, filtered = (a.j->>'filtered')::bigint,
  rejected = (a.j->>'rejected')::bigint, unchanged = (a.j->>'unchanged')::bigint, pending = (a.j->>'pending')::bigint,
  counters = a.j->'counters', committed_at = clock_timestamp(), took_ms = (a.j->>'took_ms')::float8
 from (select $5::text::jsonb as j) a
where b.run = $1::bigint and b.step = $2::bigint and b.batch = $3::bigint and b.committed_at is null

insert into pgfold.batch (run, step, source, batch, worker, read, inserted, merged, duplicate, duplicate_in_source, filtered, rejected, unchanged, pending,
  counters, committed_at, took_ms)
select $1::bigint, $2::bigint, $3, (select max(batch) + 1 from pgfold.batch where run = $1::bigint and step = $2::bigint), 1,
       (a.j->>'read')::bigint, (a.j->>'inserted')::bigint, (a.j->>'merged')::bigint, (a.j->>'duplicate')::bigint,
       (a.j->>'duplicate_in_source')::bigint, (a.j->>'filtered')::bigint, (a.j->>'rejected')::bigint, (a.j->>'unchanged')::bigint,
       (a.j->>'pending')::bigint, a.j->'counters', clock_timestamp(), (a.j->>'took_ms')::float8
  from (select $4::text::jsonb as j) a

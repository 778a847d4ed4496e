-- one row: how often the column $3 of the source $2 took its default, and of how many rows
select coalesce(sum((b.counters #>> array['default', $3::text])::bigint), 0) as rows,
       coalesce(sum(b.inserted + b.merged + b.unchanged), 0) as "of"
  from pgfold.batch b where b.run = $1::bigint and b.source = $2 and b.committed_at is not null

-- a row is a source of the run $1 with its accounting
select b.source, sum(read)::bigint as read, sum(inserted)::bigint as inserted, sum(merged)::bigint as merged, sum(duplicate)::bigint as duplicate,
       sum(duplicate_in_source)::bigint as duplicate_in_source, sum(filtered)::bigint as filtered, sum(rejected)::bigint as rejected,
       sum(unchanged)::bigint as unchanged, sum(pending)::bigint as pending
  from pgfold.batch b where b.run = $1::bigint and b.committed_at is not null group by b.source, b.step order by b.step

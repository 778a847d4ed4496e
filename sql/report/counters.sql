-- a row is a column of a source whose values took a default or lost precision in the run $1
select b.source, c.kind, v.key as col, sum(v.value::bigint) as rows
  from pgfold.batch b
  cross join lateral (values ('default'), ('loss')) as c(kind)
  cross join lateral jsonb_each_text(case when jsonb_typeof(b.counters->c.kind) = 'object' then b.counters->c.kind else '{}' end) v
 where b.run = $1::bigint and b.committed_at is not null and v.value::bigint > 0 group by 1, 2, 3 order by rows desc, 1, 2, 3

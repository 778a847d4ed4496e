-- a row is something of the consolidation $1 that was timed: a rollback, the rehearsal of one, a run itself, or the rehearsal of one
with counted as (
  select r.run, 'rollback' as what, r.undone_effect as effect from pgfold.run r where r.consolidation = $1 and r.undone_effect ? 'took_ms'
  union all
  select r.run, 'rehearsal', e -> 1 from pgfold.run r cross join lateral jsonb_array_elements(r.rehearsed -> 'runs') e
   where r.consolidation = $1 and e -> 0 = to_jsonb(r.run) and e -> 1 ? 'took_ms'
)
select c.what, c.run, (c.effect ->> 'took_ms')::float8 as ms,
       (select coalesce(sum(f.value::bigint), 0) from jsonb_each_text(c.effect) f where f.key in ('soft_deleted', 'deleted', 'restored', 'mappings'))::bigint as rows
  from counted c
union all
select 'run', r.run, s.ms, coalesce(b.rows, 0) + (select count(*) from pgfold.mapped m where m.run = r.run and m.is_new)
  from pgfold.run r
  join lateral (select sum(extract(epoch from s.finished_at - s.started_at) * 1000)::float8 as ms
                  from pgfold.step s where s.run = r.run and s.kind in ('move', 'map') and s.state in ('done', 'undone')) s on s.ms is not null
  left join lateral (select sum(b.inserted + b.merged)::bigint as rows from pgfold.batch b where b.run = r.run and b.committed_at is not null) b on true
 where r.consolidation = $1
union all
select 'tried', t.id, t.moving_ms, t.rows from pgfold.rehearsal t where t.consolidation = $1

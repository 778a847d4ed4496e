-- a row is a run of the consolidation $1 that began, oldest first, with the milliseconds of its steps by kind and of its timed parts
select m.run, m.state, m.validated, m.undone_level is not null as undone, m.duration_ms, coalesce(m.read, 0) as read, m.error,
       coalesce((select jsonb_object_agg(k.kind, k.ms) from (
         select e.kind, sum(e.duration_ms) as ms from pgfold.executions e where e.run = m.run and e.duration_ms is not null group by 1) k), '{}') as steps,
       coalesce((select jsonb_object_agg(t.part, t.ms) from pgfold.timing t where t.run = m.run), '{}') as timing
  from pgfold.migrations m
 where m.consolidation = $1 and m.state not in ('requested', 'analysing', 'executing') order by m.run

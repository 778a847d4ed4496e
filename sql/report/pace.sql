-- a row is a run of the consolidation $1 by the verb $2 that came to its end, newest first: rows, time, and its steps
select coalesce(m.read, 0) as rows, m.duration_ms,
       coalesce((select t.ms from pgfold.timing t where t.run = m.run and t.part = 'shaping'), 0) as shaping_ms,
       coalesce((select jsonb_agg(jsonb_build_object('intent', e.intent, 'kind', e.kind, 'ms', e.duration_ms, 'rows', coalesce(e.rows, 0)) order by e.step)
                   from pgfold.executions e where e.run = m.run and e.duration_ms is not null), '[]') as steps
  from pgfold.migrations m
 where m.consolidation = $1 and m.type = $2 and m.error is null and m.state in ('completed', 'validating', 'rolled back') and m.read > 0
   and not exists (select from pgfold.run r where r.run = m.run and r.way in ('guided', 'manual'))
 order by m.run desc limit 50

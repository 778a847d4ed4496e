-- a row is a run of the consolidation $1 by the verb $2 that came to its end, newest first: rows, time, what of it grows with the rows
select coalesce(m.read, 0) as rows, m.duration_ms,
       coalesce((select sum(e.duration_ms) from pgfold.executions e where e.run = m.run and e.kind in ('move', 'map')), 0) as variable_ms,
       coalesce((select t.ms from pgfold.timing t where t.run = m.run and t.part = 'shaping'), 0) as shaping_ms
  from pgfold.migrations m
 where m.consolidation = $1 and m.type = $2 and m.error is null and m.state in ('completed', 'validating', 'rolled back') and m.read > 0
   and not exists (select from pgfold.run r where r.run = m.run and r.way in ('guided', 'manual'))
 order by m.run desc limit 50

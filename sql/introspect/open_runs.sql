-- a row is a run that did not come to its end, or a consolidation that somebody operates now
select format('run %s of %s is %s since %s', r.run, r.consolidation, r.state, to_char(r.requested_at, 'YYYY-MM-DD HH24:MI')) as what,
       r.consolidation = $1 as ours, false as alive
  from pgfold.run r where r.state not in ('completed', 'rolled back')
   and not exists (select from pgfold.run l where l.consolidation = r.consolidation and l.run > r.run and l.state in ('completed', 'rolled back'))
union all
select format('%s is being operated by %s, server process %s', l.consolidation, l.who, l.backend), l.consolidation = $1, true
  from pgfold.lease l join pg_stat_activity a on a.pid = l.backend and a.backend_start = l.backend_start

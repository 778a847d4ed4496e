-- a row is an enhancement that a run of the consolidation $1 did and that was not undone
select distinct on (s.intent) s.intent, s.checksum from pgfold.step s join pgfold.run r using (run)
 where r.consolidation = $1 and s.kind = 'enhance' and s.state = 'done' order by s.intent, s.run desc

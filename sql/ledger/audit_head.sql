-- one row: the head of the chain of the consolidation $1
select a.seq, a.digest, a.consolidation, current_database() as database, r.system_identifier
  from pgfold.audit a left join pgfold.run r using (run) where a.consolidation = $1 order by a.seq desc limit 1

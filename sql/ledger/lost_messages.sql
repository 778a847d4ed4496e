-- a row is a run of the consolidation $1 whose receiver did not take all notifications
select m.run, count(*) as lost, (array_agg(coalesce(m.error, '') order by m.number desc))[1] as error, (array_agg(m.type order by m.number))[1:5] as types
  from pgfold.message m join pgfold.run r using (run) where r.consolidation = $1 and not m.delivered group by m.run order by m.run desc limit 5

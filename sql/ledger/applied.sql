-- a row is an enhancement that a run of the consolidation $1 did and that was not undone
select distinct on (a.file) a.file, a.checksum, a.script, a.run from (
  select p.value #>> '{action,Enhance,file}' as file, s.checksum, p.value #>> '{action,Enhance,script}' as script, s.run
    from pgfold.run r join pgfold.step s using (run)
   cross join lateral pg_catalog.jsonb_array_elements(r.plan -> 'steps') p(value)
   where r.consolidation = $1 and s.kind = 'enhance' and s.state = 'done' and (p.value ->> 'number')::int = s.step
) a where a.file is not null order by a.file, a.run desc

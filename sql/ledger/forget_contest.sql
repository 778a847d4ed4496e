with rejects as (
  delete from pgfold.reject r using pgfold.verdict v
   where v.run = $1::bigint and v.verdict = 'raises' and r.run = v.run and r.source = v.source and r.id = v.id
     and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.source = r.source and x.id = r.id)
  returning 1
)
delete from pgfold.verdict where run = $1::bigint

with verdicts as (
  delete from pgfold.verdict v using pgfold.late l where v.run = $1::bigint and l.run = v.run and l.source = v.source and l.id = v.id returning 1
)
delete from pgfold.reject r using pgfold.late l where r.run = $1::bigint and l.run = r.run and l.source = r.source and l.id = r.id

-- what was made of late rows is taken back, in the accounting as in the crosswalk
with lines as (
  delete from pgfold.crosswalk x using pgfold.late l
   where x.run = $1::bigint and l.run = x.run and l.source = x.source and l.id = x.id
  returning x.source, x.id, x.outcome, x.target_id, x.reason_code
), noted as (
  update pgfold.late l set target_id = n.target_id, revived = n.reason_code is not distinct from 'revived'
    from lines n where l.run = $1::bigint and l.source = n.source and l.id = n.id and n.outcome = 'inserted'
  returning 1
), verdicts as (
  delete from pgfold.verdict v using pgfold.late l where v.run = $1::bigint and l.run = v.run and l.source = v.source and l.id = v.id
   and l.what = 'key' returning 1
), rejects as (
  delete from pgfold.reject r using pgfold.late l where r.run = $1::bigint and l.run = r.run and l.source = r.source and l.id = r.id
   and l.what = 'key' returning 1
)
insert into pgfold.batch (run, step, source, batch, read, inserted, merged, duplicate, duplicate_in_source, filtered, rejected, unchanged, pending, committed_at, took_ms)
select $1::bigint, b.step, b.source, b.last + 1, -count(*), -count(*) filter (where n.outcome = 'inserted'), -count(*) filter (where n.outcome = 'merged'),
       -count(*) filter (where n.outcome = 'duplicate'), -count(*) filter (where n.outcome = 'duplicate_in_source'),
       -count(*) filter (where n.outcome = 'filtered'), -count(*) filter (where n.outcome = 'rejected'),
       -count(*) filter (where n.outcome = 'unchanged'), -count(*) filter (where n.outcome = 'pending'), clock_timestamp(), 0
  from (select step, source, max(batch) as last from pgfold.batch where run = $1::bigint group by step, source) b
  join lines n on n.source = b.source
 group by b.step, b.source, b.last

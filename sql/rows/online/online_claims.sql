-- a row is a legacy row whose conflict was resolved by keys that have changed since; $2: whether writers may go on
with pgfold_line as materialized (
  select x.source, x.id, x.source || ' ' || x.id as name, x.outcome, x.key, x.target_id, x.winner, x.reason_code, x.reason from pgfold.crosswalk x where x.run = $1::bigint
), pgfold_stale as materialized (
  -- losers whose winner did not come with their key
  select l.source, l.id, w.source as winner_source, w.id as winner, w.outcome as winner_outcome, w.reason as winner_reason
    from pgfold_line l left join pgfold_line w on w.name = l.winner
   where l.outcome = 'duplicate_in_source' and l.winner is not null
     and (w.name is null or w.key is distinct from l.key or w.outcome in ('duplicate_in_source', 'filtered', 'rejected', 'pending'))
), pgfold_out as (
  -- a winner that was rejected, and is as it was then, is none any more
  insert into pgfold.verdict (run, source, id, verdict, reason)
  select distinct $1::bigint, s.winner_source, s.winner, 'raises', s.winner_reason from pgfold_stale s
   where s.winner_outcome = 'rejected'
     and not exists (select from pgfold.late a where a.run = $1::bigint and a.source = s.winner_source and a.id = s.winner)
  on conflict (run, source, id) do update set verdict = excluded.verdict, reason = excluded.reason
  returning 1
)
insert into pgfold.late (run, source, id, what)
select $1::bigint, s.source, s.id, 'claim' from pgfold_stale s
union
-- rows that found their key with a row of this run
select $1::bigint, d.source, d.id, 'claim'
  from pgfold_line d join pgfold_line o on o.outcome = 'inserted' and o.target_id = d.target_id
 where d.outcome = 'duplicate' and (d.reason_code = 'secondary_key') is not true
union
-- what stood in the way of a rejected row may have gone
select $1::bigint, r.source, r.id, 'claim' from pgfold_line r
 where $2::boolean and r.outcome = 'rejected' and r.reason_code = '23505'
on conflict do nothing

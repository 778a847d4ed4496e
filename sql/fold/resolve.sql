-- one row: rows whose key the application wrote while we did, and rows that vanished
with found as (
  update ${crosswalk} x set outcome = 'duplicate', target_id = pgfold_t.${id}::text, reason = 'the application was faster'
    from ${target} pgfold_t
   where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id is null and pgfold_t.${key} = x.key::${key_type}
  returning 1
)
select jsonb_build_object('found', (select count(*) from found),
  'open', (select count(*) from ${crosswalk} x where x.run = $1::bigint and x.outcome in ('inserted', 'merged') and x.target_id is null))::text

-- one row: rows whose key the application wrote while we did, and rows that vanished
with found as (
  update ${crosswalk} x set outcome = 'duplicate', target_id = pgfold_t.${id}::text, target_hash = null, reason = 'the application was faster',
         detail = jsonb_build_object('row', (select ${whole_row} from ${source} as ${alias} where ${source_id} = x.id))
    from ${target} pgfold_t
   where x.run = $1::bigint and x.source = ${source_name} and x.outcome = 'inserted' and x.target_id is null and pgfold_t.${key} = x.key::${key_type}
  returning 1
)
-- both sides of this see the crosswalk as it was before
select jsonb_build_object('found', (select count(*) from found),
  'open', (select count(*) from ${crosswalk} x where x.run = $1::bigint and x.source = ${source_name} and x.outcome in ('inserted', 'merged') and x.target_id is null)
          - (select count(*) from found))::text

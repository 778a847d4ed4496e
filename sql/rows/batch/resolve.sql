-- one row: rows whose key the application wrote while we did, and rows that vanished
with found as (
  update ${crosswalk} x set outcome = 'duplicate', target_id = ${id}, target_hash = null, reason_code = 'concurrent_write', reason_detail = null,
         detail = jsonb_build_object('row', (select ${whole_row} from ${source} as ${alias} where ${source_id} = x.id))
    from (select *, xmin as pgfold_xmin from ${target} where ${inside}) pgfold_t
   where x.run = $1::bigint and x.source = ${source_name} and x.outcome = 'inserted' and x.target_id is null and pgfold_t.${key} = x.key::${key_type}
     -- what a trigger of our own insert put there is no row of the application
     and pg_visible_in_snapshot((pg_current_xact_id()::text::numeric
           + mod(pgfold_t.pgfold_xmin::text::numeric - mod(pg_current_xact_id()::text::numeric, 4294967296) + 4294967296, 4294967296)
           - case when mod(pgfold_t.pgfold_xmin::text::numeric - mod(pg_current_xact_id()::text::numeric, 4294967296) + 4294967296, 4294967296) >= 2147483648
                  then 4294967296 else 0 end)::text::xid8, pg_current_snapshot())
  returning 1
)
-- both sides of this see the crosswalk as it was before
select jsonb_build_object('found', (select count(*) from found),
  -- rows that somebody wrote between the look at them and their lock
  'raced', (select count(*) from ${crosswalk} x where x.run = $1::bigint and x.source = ${source_name} and x.outcome = 'merged' and x.target_id is null),
  'open', (select count(*) from ${crosswalk} x where x.run = $1::bigint and x.source = ${source_name} and x.outcome in ('inserted', 'merged') and x.target_id is null)
          - (select count(*) from found))::text

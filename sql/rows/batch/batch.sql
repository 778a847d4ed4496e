-- one row: what became of the rows of one batch
with classified as materialized (
  select ${kept}, c.pgfold_id, ${ids}, c.pgfold_key, c.pgfold_hash, c.pgfold_wrong, c.pgfold_defaulted, c.pgfold_lossy, c.pgfold_held,
         c.pgfold_standing_target, c.pgfold_gone, c.pgfold_winner_source, c.pgfold_winner, c.pgfold_fills, c.pgfold_outcome, c.pgfold_reason,
         c.pgfold_revived, c.pgfold_takes_over, c.pgfold_standing_run, c.pgfold_standing_hash, c.pgfold_dead
  from (
${classified}
  ) c
),
${changes}
walked as (
  insert into ${crosswalk} (run, source, id, outcome, key, target_id, reason_code, reason_detail, winner, source_hash, target_hash, detail)
  select $1::bigint, ${source_name}, c.pgfold_id, o.outcome, c.pgfold_key,
         coalesce(c.target_id, case when c.pgfold_outcome in ('unchanged', 'duplicate', 'duplicate_in_source') then c.pgfold_held end,
                  case when c.pgfold_outcome = 'duplicate' and split_part(c.pgfold_reason, ' ', 1) in ('secondary_key', 'secondary_key_not_live') then substr(c.pgfold_reason, length(split_part(c.pgfold_reason, ' ', 1)) + 2) end),
         split_part(o.reason, ' ', 1), nullif(substr(o.reason, length(split_part(o.reason, ' ', 1)) + 2), ''),
         case when c.pgfold_outcome = 'duplicate_in_source' then c.pgfold_winner_source || ' ' || c.pgfold_winner end,
         c.pgfold_hash, case when not c.is_twin then c.target_hash end,
         case when o.outcome in ('duplicate', 'duplicate_in_source', 'merged') then
           jsonb_strip_nulls(jsonb_build_object('filled', to_jsonb(nullif(case when not c.is_twin then coalesce(c.fills, c.pgfold_fills) end, '{}'))))
           || jsonb_build_object('row', (select ${stored_row} from ${source} l where ${same_row})) end
    from (
      -- a full join is never done row by row, however few rows the planner expects; each written row is one of ours
      select ${told}, w.target_id, w.target_hash, w.fills,
             -- rows that came to share a key since conflicts were resolved: the first was written, the others are resolved again
             w.target_id is not null and row_number() over (partition by w.target_id order by c.pgfold_outcome, c.pgfold_id) > 1 as is_twin
        from (select * from classified i where i.pgfold_outcome in ('inserted', 'merged')) c full join written w on w.key = c.pgfold_key
       -- a trigger may have changed the key: that is counted below
       where (c.pgfold_id is null) is not true
      union all
      select ${told}, null, null, null, false from classified c where c.pgfold_outcome not in ('inserted', 'merged')
    ) c
   cross join lateral (select case when c.is_twin then 'duplicate' else c.pgfold_outcome end as outcome,
                              case when c.is_twin then 'concurrent_write' else c.pgfold_reason end as reason) o
  union all
  select $1::bigint, ${source_name}, ${id}, 'filtered', null, null, 'where', null, null, ${hash}, null, null
    from ${source} as ${alias} where (${range}) and not coalesce(${filter}, false)
  union all
  select $1::bigint, ${source_name}, ${id}, ${raised}, null, null, split_part(pgfold_raised, ' ', 1), nullif(substr(pgfold_raised, length(split_part(pgfold_raised, ' ', 1)) + 2), ''), null, ${hash}, null, ${whole_row}
    from ${source} as ${alias}
    -- the filter names the source's columns, and must not meet the ledger's
    cross join lateral (select v.reason from pgfold.verdict v where v.run = $1::bigint and v.source = ${source_name} and v.verdict = 'raises' and v.id = ${id} limit 1) pgfold_v(pgfold_raised)
   where (${range}) and coalesce(${filter}, false) and not ${none_raises}
  returning outcome, target_id
),
refused as (
  insert into pgfold.reject (run, source, id, code, object, message, content)
  select $1::bigint, ${source_name}, c.pgfold_id, split_part(pgfold_f, ' ', 1), substr(pgfold_f, strpos(pgfold_f, ' ') + 1), null,
         (select ${stored_row} from ${source} l where ${same_row})
    from classified c cross join unnest(case when cardinality(c.pgfold_wrong) > 0 then c.pgfold_wrong else array[c.pgfold_reason] end) pgfold_g(pgfold_f)
   where c.pgfold_outcome = 'rejected'
  returning 1
)
select jsonb_build_object(
  'read', (select count(*) from ${source} as ${alias} where ${range}),
  'inserted', count(*) filter (where outcome = 'inserted'),
  'merged', count(*) filter (where outcome = 'merged'),
  'duplicate', count(*) filter (where outcome = 'duplicate'),
  'duplicate_in_source', count(*) filter (where outcome = 'duplicate_in_source'),
  'filtered', count(*) filter (where outcome = 'filtered'),
  'rejected', count(*) filter (where outcome = 'rejected'),
  'unchanged', count(*) filter (where outcome = 'unchanged'),
  'pending', count(*) filter (where outcome = 'pending'),
  'renamed', (select count(*) from written) - count(*) filter (where outcome in ('inserted', 'merged') and target_id is not null),
  'unresolved', count(*) filter (where outcome in ('inserted', 'merged') and target_id is null),
  'defaulted', ${defaulted},
  'lossy', ${lossy},
  'refused', (select count(*) from refused)
)::text from walked

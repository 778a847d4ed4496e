-- a row is a way in which legacy rows of one source are not accounted for, with how many and which
with walked as materialized (
  select x.id, x.outcome, x.target_id, x.source_hash, x.target_hash, x.detail, x.winner, x.reason
    from pgfold.crosswalk x where x.run = $1::bigint and x.source = ${source_name}
),
now as (
  select ${id} as id, ${source_hash} as hash from ${source} as ${alias}
),
faults as (
  select 'came since the run, not moved yet' as what, n.id
    from now n where not exists (select from walked w where w.id = n.id)
  union all
  select 'edited since the run', n.id from now n join walked w on w.id = n.id where w.source_hash is distinct from n.hash
  union all
  select 'gone from the source since the run', w.id from walked w where not exists (select from now n where n.id = w.id)
  union all
  select 'left out by a part run, not moved yet', w.id from walked w where w.outcome = 'pending'
  union all
  select 'more than one outcome', w.id from walked w group by w.id having count(*) > 1
  union all
  select 'its target row is not there (' || w.outcome || ')', w.id from walked w
   where w.outcome in ('inserted', 'merged', 'duplicate', 'settled')
     and not exists (select from ${target} pgfold_t where pgfold_t.${target_id} = w.target_id::${id_type})
  union all
  select 'names no winner', w.id from walked w where w.outcome = 'duplicate_in_source' and w.winner is null and w.target_id is null
  union all
  select 'its winner has no target row', w.id from walked w
   where w.outcome = 'duplicate_in_source' and w.target_id is null and not exists (
     select from pgfold.crosswalk v where v.run = $1::bigint and v.source || ' ' || v.id = w.winner and v.outcome in ('inserted', 'settled', 'merged', 'duplicate', 'rejected', 'pending'))
  union all
  -- accounted for and stored whole, yet nothing of its key is in the target: somebody should know
  select 'gave way to a row that was rejected', w.id from walked w
   where w.outcome = 'duplicate_in_source' and w.target_id is null and exists (
     select from pgfold.crosswalk v where v.run = $1::bigint and v.source || ' ' || v.id = w.winner and v.outcome = 'rejected')
  union all
  select 'the stored row is missing or another', w.id
    from walked w join ${source} as ${alias} on ${id} = w.id
   where w.outcome in ('duplicate', 'duplicate_in_source', 'merged') and ${source_hash} = w.source_hash
     and w.detail -> 'row' is distinct from ${whole_row}
  union all
  select 'a filled field is null again: ' || f, w.id
    from walked w join ${target} pgfold_t on pgfold_t.${target_id} = w.target_id::${id_type}
    cross join jsonb_array_elements_text(w.detail -> 'filled') f
   where w.outcome = 'merged' and to_jsonb(pgfold_t) -> f = 'null'
  union all
  select case when ${target_hash} is distinct from w.target_hash then 'edited in the target since the run: ' else 'lost: ' end || l, w.id
    from walked w
    join (
      select ${id} as pgfold_id,
      ${values}
        from ${source} as ${alias}
       where ${id} in (select w.id from walked w join now n on n.id = w.id and n.hash = w.source_hash
                        where w.outcome = 'inserted' or w.outcome = 'merged' and w.reason like 'changed since run %')
      offset 0
    ) s on s.pgfold_id = w.id
    join (
      select pgfold_t.*, ${kept_there} as pgfold_kept from ${target} pgfold_t
      offset 0
    ) pgfold_t on pgfold_t.${target_id} = w.target_id::${id_type}
    cross join lateral unnest(${lost}) l
   where w.outcome = 'inserted' or w.outcome = 'merged' and w.reason like 'changed since run %'
)
select f.what, count(*) as rows, (array_agg(f.id order by f.id))[1:5] as examples from faults f group by f.what order by 2 desc, 1

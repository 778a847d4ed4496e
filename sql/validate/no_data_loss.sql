-- a row is a way in which legacy rows of one source are not accounted for, with how many and which
with walked as materialized (
  -- a legacy row with its line of the crosswalk, whichever of the two there is; what is settled stands by the run that moved it
  select coalesce(x.id, n.id) as id, x.id is not null as told, n.id is not null as there, x.source_hash is not distinct from n.hash as same,
         x.outcome, x.target_id, x.detail, x.winner, x.reason, coalesce(x.undone, false) as undone,
         case when x.outcome = 'settled' then o.outcome else x.outcome end as was,
         case when x.outcome = 'settled' then o.reason else x.reason end like 'changed since run %' as rewritten,
         case when x.outcome = 'settled' then o.target_hash else x.target_hash end as target_hash,
         case when x.outcome = 'settled' then o.detail else x.detail end -> 'filled' as filled
    from (select ${id} as id, ${source_hash} as hash from ${source} as ${alias}) n
    full join (select * from pgfold.crosswalk c where c.run = $1::bigint and c.source = ${source_name}) x on x.id = n.id
    left join pgfold.crosswalk o on x.outcome = 'settled' and o.run < $1::bigint and o.source = ${source_name} and o.id = x.id
                                and o.outcome in ('inserted', 'merged') and 'run ' || o.run = x.reason
),
-- an inserted row, and a merged one that took something over; as it is in the source it must be found in the target
asked as materialized (
  select w.id, w.target_id, w.target_hash, w.was, w.rewritten, w.filled from walked w
   where w.outcome in ('inserted', 'merged', 'settled') and w.told and w.there and w.same and not w.undone
     and (w.was = 'inserted' or w.was = 'merged' and (w.rewritten or w.filled is not null))
),
-- its target row is gone, or lives no longer
amiss as materialized (
  select w.id, w.outcome, w.target_id, w.target_hash, w.was, w.undone, t.id is null as gone
    from walked w
    left join (
      select pgfold_t.${target_id} as id, (select ${live} from (select pgfold_t.*) pgfold_l) as live from ${target} pgfold_t
    ) t on t.id = w.target_id::${id_type}
   where w.outcome in ('inserted', 'merged', 'duplicate', 'settled') and t.live is not true
),
losers as materialized (
  select w.id, w.winner from walked w where w.outcome = 'duplicate_in_source' and w.target_id is null and w.winner is not null
),
winners as materialized (
  select v.source || ' ' || v.id as name, bool_or(v.outcome <> 'filtered' and v.outcome <> 'duplicate_in_source') as stands,
         bool_or(v.outcome = 'rejected') as rejected
    from pgfold.crosswalk v where v.run = $1::bigint and exists (select from losers)
     and v.source || ' ' || v.id in (select l.winner from losers l) group by 1
),
faults as (
  select case when not w.told then 'came since the run, not moved yet'
              when not w.there then 'gone from the source since the run'
              else 'edited since the run' end as what, w.id
    from walked w where not w.told or not w.there or not w.same
  union all
  select 'left out by a part run, not moved yet', w.id from walked w where w.outcome = 'pending'
  union all
  select 'edited since an earlier run moved it, and not taken over', w.id
    from walked w where w.outcome = 'duplicate' and w.reason like 'changed since run %'
  union all
  select 'its row under an earlier key is still in the target', w.id
    from walked w
    join pgfold.crosswalk o on o.run < $1::bigint and o.source = ${source_name} and o.id = w.id and o.outcome = 'inserted'
     and o.undone is not true and o.target_id <> w.target_id
    join pgfold.run r on r.run = o.run and r.undone_level is null
    join ${target} pgfold_t on pgfold_t.${target_id} = o.target_id::${id_type}
   where w.outcome in ('inserted', 'merged', 'duplicate') and (select ${live} from (select pgfold_t.*) pgfold_l)
  union all
  select 'more than one outcome', w.id from walked w where w.told group by w.id having count(*) > 1
  union all
  select 'its target row is not there (' || a.outcome || ')', a.id from amiss a where a.gone
  union all
  select 'names no winner', w.id from walked w where w.outcome = 'duplicate_in_source' and w.winner is null and w.target_id is null
  union all
  select 'its winner has no target row', l.id from losers l left join winners v on v.name = l.winner where v.stands is not true
  union all
  -- accounted for and stored whole, yet nothing of its key is in the target: somebody should know
  select 'gave way to a row that was rejected', l.id from losers l join winners v on v.name = l.winner where v.rejected
  union all
  select 'taken back by a rollback', w.id from walked w where w.undone
  union all
  select 'the stored row is missing or another', w.id
    from walked w join ${source} as ${alias} on ${id} = w.id
   where w.outcome in ('duplicate', 'duplicate_in_source', 'merged') and w.told and w.there and w.same
     and w.detail -> 'row' is distinct from ${whole_row}
  union all
  select 'a filled field is null again: ' || f.name, w.id
    from walked w join ${target} pgfold_t on pgfold_t.${target_id} = w.target_id::${id_type}
    cross join jsonb_array_elements_text(w.filled) f(name)
   where w.was = 'merged' and not w.undone and to_jsonb(pgfold_t.*) -> f.name = 'null'
  union all
  select 'edited in the target since the run: no longer live', a.id
    from amiss a join ${target} pgfold_t on pgfold_t.${target_id} = a.target_id::${id_type}
   where a.was = 'inserted' and not a.undone and not a.gone and ${target_hash} is distinct from a.target_hash
  union all
  select case when ${target_hash} is distinct from s.pgfold_hash then 'edited in the target since the run: ' else 'lost: ' end || l.name, s.pgfold_id
    from (
      select a.id as pgfold_id, a.target_id as pgfold_target, a.target_hash as pgfold_hash, a.was as pgfold_was,
             a.rewritten as pgfold_rewritten, a.filled as pgfold_filled, v.*
        from asked a
        join (select ${id} as pgfold_id, ${alias}.* from ${source} as ${alias}) n on n.pgfold_id = a.id
        cross join lateral (
          select
      ${values}
            from (select n.*) as ${alias}
        ) v
      offset 0
    ) s
    join (
      select pgfold_t.*, ${kept_there} as pgfold_kept from ${target} pgfold_t
      offset 0
    ) pgfold_t on pgfold_t.${target_id} = s.pgfold_target::${id_type}
    -- nearly every row is whole: only one that is not has its columns named
    cross join lateral unnest(${lost}) l(name)
   where (${differs})
     and (s.pgfold_was = 'inserted' or s.pgfold_was = 'merged' and (s.pgfold_rewritten or s.pgfold_filled ? l.name))
)
select f.what, count(*) as rows, (array_agg(f.id order by f.id))[1:5] as examples from faults f group by f.what order by 2 desc, 1

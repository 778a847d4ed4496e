-- a row is a way in which legacy rows of one source are not accounted for, with how many and which
with walked as materialized (
  -- a legacy row with its line of the crosswalk, whichever of the two there is; what is unchanged stands by the run that moved it
  select coalesce(x.id, n.id) as id, x.id is not null as told, n.id is not null as there, x.source_hash is not distinct from n.hash as same,
         x.outcome, x.key, x.target_id, x.detail, x.winner, x.reason_code, coalesce(x.undone, false) as undone,
         case when x.outcome = 'unchanged' then o.outcome else x.outcome end as was,
         case when x.outcome = 'unchanged' then o.reason_code else x.reason_code end in ('changed_since_run', 'revived_existing') as rewritten,
         case when x.outcome = 'unchanged' then o.target_hash else x.target_hash end as target_hash,
         case when x.outcome = 'unchanged' then o.run else x.run end as hash_run,
         case when x.outcome = 'unchanged' then o.detail else x.detail end -> 'filled' as filled
    from (select ${id} as id, ${source_hash} as hash from ${source} as ${alias}) n
    full join (select * from pgfold.crosswalk c where c.run = $1::bigint and c.source = ${source_name}) x on x.id = n.id
    left join pgfold.crosswalk o on x.outcome = 'unchanged' and o.run < $1::bigint and o.source = ${source_name} and o.id = x.id
                                and o.outcome in ('inserted', 'merged') and x.reason_code = 'earlier_run' and o.run::text = x.reason_detail
),
-- an inserted row, and a merged one that took something over; as it is in the source it must be found in the target
pgfold_asked as materialized (
  select w.id as pgfold_id, w.outcome as pgfold_outcome, w.target_id as pgfold_target, w.target_hash as pgfold_hash, w.hash_run as pgfold_hash_run, w.was as pgfold_was,
         w.rewritten as pgfold_rewritten, w.filled as pgfold_filled
    from walked w
   where w.outcome in ('inserted', 'merged', 'unchanged') and w.told and w.there and w.same and not w.undone
     and (w.was = 'inserted' or w.was = 'merged' and (w.rewritten or w.filled is not null))
),
-- those of them that are not: nearly every row is whole, so only of one that is not the columns are named
broken as materialized (
  select s.pgfold_id as id, s.pgfold_outcome as outcome, s.pgfold_was as was, s.pgfold_rewritten as rewritten, s.pgfold_filled as filled,
         pgfold_t.${target_id} is null as gone, pgfold_t.pgfold_live as live, ${target_hash_asked} is distinct from s.pgfold_hash as edited,
         case when pgfold_t.${target_id} is not null then ${lost} end as lost
    from (
      select pgfold_a.*,
      ${values}
        from pgfold_asked pgfold_a join ${source} as ${alias} on ${id} = pgfold_a.pgfold_id
      offset 0
    ) s
    left join (
      select pgfold_t.*, ${kept_there} as pgfold_kept, (select ${live} from (select pgfold_t.*) pgfold_l) as pgfold_live
        from ${target} pgfold_t
      offset 0
    ) pgfold_t on pgfold_t.${target_id} = s.pgfold_target::${id_type}
   where pgfold_t.pgfold_live is not true
      or ${differs}
),
-- what became of the target rows of all others
others as materialized (
  select w.id, w.outcome, w.target_id, w.target_hash, w.hash_run, w.was, w.undone, t.id is null as gone
    from (
      select w.* from walked w
       where w.outcome in ('inserted', 'merged', 'duplicate', 'unchanged') and not exists (select from pgfold_asked a where a.pgfold_id = w.id)
       offset 0
    ) w
    left join (
      select pgfold_t.${target_id} as id, (select ${live} from (select pgfold_t.*) pgfold_l) as live from ${target} pgfold_t
    ) t on t.id = w.target_id::${id_type}
   where t.live is not true
),
-- rows that arrived by another row's target row, and the winners among them: each one's key is worked out again
pgfold_keys as materialized (
  select ${id} as id, ${key} as key
    from ${source} as ${alias}
   where ${id} in (
     select w.id from walked w
      where w.told and w.there and w.same
        and (w.outcome in ('duplicate', 'duplicate_in_source', 'merged')
          or ${source_name} || ' ' || w.id in (select l.winner from pgfold.crosswalk l where l.run = $1::bigint and l.outcome = 'duplicate_in_source')))
),
-- what the target has of these keys
there as materialized (
  select ${target_key} as key, bool_or((select ${live} from (select pgfold_t.*) pgfold_l)) as live
    from ${target} pgfold_t
   where exists (select from pgfold_keys) and ${target_key} in (select k.key from pgfold_keys k) group by 1
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
  select case when not w.told then 'came_since'
              when not w.there then 'went_since'
              else 'edited_in_source' end as code, null as detail, w.id
    from walked w where not w.told or not w.there or not w.same
  union all
  select 'left_out', null, w.id from walked w where w.outcome = 'pending'
  union all
  select 'not_taken_over', null, w.id
    from walked w where w.outcome = 'duplicate' and w.reason_code in ('changed_since_run', 'changed_and_edited')
  union all
  select 'under_earlier_key', null, w.id
    from walked w
    join pgfold.crosswalk o on o.run < $1::bigint and o.source = ${source_name} and o.id = w.id and o.outcome = 'inserted'
     and o.undone is not true and o.target_id <> w.target_id
    join pgfold.run r on r.run = o.run and r.undone_level is null
    join ${target} pgfold_t on pgfold_t.${target_id} = o.target_id::${id_type}
   where w.outcome in ('inserted', 'merged', 'duplicate') and (select ${live} from (select pgfold_t.*) pgfold_l)
  union all
  select 'two_outcomes', null, w.id from walked w where w.told group by w.id having count(*) > 1
  union all
  select 'target_row_gone', b.outcome, b.id
    from (select id, outcome from broken where gone union all select id, outcome from others where gone) b
  union all
  select 'no_winner', null, w.id from walked w where w.outcome = 'duplicate_in_source' and w.winner is null and w.target_id is null
  union all
  select 'winner_gone', null, l.id from losers l left join winners v on v.name = l.winner where v.stands is not true
  union all
  -- accounted for and stored whole, yet nothing of its key is in the target: somebody should know
  select 'winner_rejected', null, l.id from losers l join winners v on v.name = l.winner where v.rejected
  union all
  select 'key_changed', null, w.id
    from walked w join pgfold_keys k on k.id = w.id
   where w.outcome in ('duplicate', 'duplicate_in_source', 'merged') and k.key is distinct from w.key
  union all
  select 'winner_key_changed', null, l.id
    from pgfold.crosswalk l join pgfold_keys k on l.winner = ${source_name} || ' ' || k.id
   where l.run = $1::bigint and l.outcome = 'duplicate_in_source' and l.key is distinct from k.key
  union all
  select case when w.reason_code in ('key_not_live', 'secondary_key_not_live') then 'held_by_dead_row'
              when t.key is null then 'nothing_with_its_key'
              else 'key_no_longer_live' end, null, w.id
    from walked w join pgfold_keys k on k.id = w.id left join there t on t.key = k.key
   where w.outcome in ('duplicate', 'duplicate_in_source', 'merged') and not w.undone and t.live is not true
     and (w.outcome = 'duplicate' and w.reason_code = 'secondary_key') is not true
     and not exists (select from losers l join winners v on v.name = l.winner where l.id = w.id and v.rejected)
  union all
  select 'brought_back', null, w.id from walked w where w.outcome = 'inserted' and w.reason_code = 'deleted_since'
  union all
  select 'rolled_back', null, w.id from walked w where w.undone
  union all
  select 'stored_row_differs', null, w.id
    from walked w join ${source} as ${alias} on ${id} = w.id
   where w.outcome in ('duplicate', 'duplicate_in_source', 'merged') and w.told and w.there and w.same
     and w.detail -> 'row' is distinct from ${whole_row}
     and w.detail -> 'row' is distinct from
         case when coalesce((select r.ledger_version from pgfold.run r where r.run = $1::bigint), 0) < 7 then ${whole_row_of_before} end
  union all
  select 'filled_field_null', f.name, w.id
    from walked w join ${target} pgfold_t on pgfold_t.${target_id} = w.target_id::${id_type}
    cross join jsonb_array_elements_text(w.filled) f(name)
   where w.was = 'merged' and not w.undone and f.name = any (${null_again})
  union all
  select 'no_longer_live', null, b.id
    from broken b where b.was = 'inserted' and not b.gone and b.live is not true and b.edited
  union all
  select 'no_longer_live', null, o.id
    from others o join ${target} pgfold_t on pgfold_t.${target_id} = o.target_id::${id_type}
   where o.was = 'inserted' and not o.undone and not o.gone and ${target_hash_other} is distinct from o.target_hash
  union all
  select case when b.edited then 'edited_in_target' else 'lost' end, l.name, b.id
    from broken b cross join lateral unnest(b.lost) l(name)
   where b.was = 'inserted' or b.was = 'merged' and (b.rewritten or b.filled ? l.name)
)
select f.code, f.detail, count(*) as rows, (array_agg(f.id order by f.id))[1:5] as examples from faults f group by f.code, f.detail order by 3 desc, 1, 2

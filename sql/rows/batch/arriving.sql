-- a row is what other rows of the same source may refer to: the referenced columns of a row that arrives, its ancestors too
with recursive pgfold_all as materialized (
  select ${columns}, ${given} as given, ${there} as there,
         cardinality(q.pgfold_faults) = 0 and h.pgfold_tid is null and v.id is null as ok
    from (
${shaped}
    ) q
    left join (${held}) h on h.pgfold_tkey = q.pgfold_key
    left join ${lost}
),
-- the few that do not arrive, and whatever rests on them alone
pgfold_lost as (
  select ${of_a} from pgfold_all a
   where not a.ok or a.given and not a.there and not exists (select from pgfold_all b where ${parent_b})
  union
  select ${of_a} from pgfold_lost l join pgfold_all a on ${parent_l} where a.given and not a.there
)
select distinct ${of_a} from pgfold_all a where not exists (select from pgfold_lost l where ${same_l})

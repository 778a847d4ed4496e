  -- a row is a source row that shares its key or another unique value with a better-ranked one
  select q.source, q.id, q.verdict, q.reason, q.winner_source, q.winner, q.winner_target, q.key_held, q.claim, q.claim_on
  from (
    with pgfold_keyed as materialized (
${keys}
    ),
    -- counted by a hash, which is small; two keys that happen to share one do not contend for it
    pgfold_twice as materialized (
      select k.place, k.id from pgfold_keyed k
       where hashtextextended(k.key, 0) in (
         select hashtextextended(w.key, 0) from pgfold_keyed w where w.key is not null group by 1 having count(*) > 1)
    ),
    pgfold_by_key as materialized (
${by_key}
    ),
    -- among those that no other row beats by their key
    pgfold_by_unique as materialized (
${by_unique}
    ),
    -- a winner that is rejected for another unique value leaves its key to the next
    pgfold_next as materialized (
      select distinct on (k.claim) k.claim, k.source, k.id
        from pgfold_by_key k join pgfold_by_unique u on u.source = k.winner_source and u.id = k.winner
       where k.verdict = 'lost' and not k.key_held order by k.claim, k.place
    )
    select distinct on (a.source, a.id) a.*
    from (
      select k.source, k.id, k.weight, k.verdict, k.reason, coalesce(n.source, k.winner_source) as winner_source, coalesce(n.id, k.winner) as winner,
             case when n.id is null then k.winner_target end as winner_target, k.key_held, k.claim, k.claim_on
        from pgfold_by_key k left join pgfold_next n on n.claim = k.claim and k.verdict = 'lost' and not k.key_held
       where n.id is null or n.id <> k.id or n.source <> k.source
      union all
      select * from pgfold_by_unique
${verdicts}
    ) a
    order by a.source, a.id, a.weight
  ) q

  -- a row is a source row that shares its key or another unique value with a better-ranked one
  select q.source, q.id, q.verdict, q.reason, q.winner_source, q.winner, q.winner_target, q.key_held
  from (
    with pgfold_keyed as materialized (
${keys}
    ),
    -- counted by a hash, which is small; two keys that happen to share one do not contend for it
    pgfold_twice as materialized (
      select k.place, k.id from pgfold_keyed k
       where hashtextextended(k.key, 0) in (
         select hashtextextended(w.key, 0) from pgfold_keyed w where w.key is not null group by 1 having count(*) > 1)
    )
    select distinct on (a.source, a.id) a.*
    from (
${verdicts}
    ) a
    order by a.source, a.id, a.weight
  ) q

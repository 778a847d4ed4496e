  -- a row is a source row that shares its key or another unique value with a better-ranked one
  select q.source, q.id, q.verdict, q.reason, q.winner_source, q.winner, q.winner_target, q.key_held
  from (
    with pgfold_keyed as materialized (
${keys}
    ),
    pgfold_twice as materialized (
      select k.place, k.id from pgfold_keyed k
       where k.key in (select w.key from pgfold_keyed w where w.key is not null group by w.key having count(*) > 1)
    )
    select distinct on (a.source, a.id) a.*
    from (
${verdicts}
    ) a
    order by a.source, a.id, a.weight
  ) q

  -- a row is a source row that shares its key or another unique value with a better-ranked one
  select q.source, q.id, q.verdict, q.reason, q.winner_source, q.winner, q.winner_target, q.key_held
  from (
    select distinct on (a.source, a.id) a.*
    from (
${verdicts}
    ) a
    order by a.source, a.id, a.weight
  ) q

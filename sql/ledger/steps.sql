-- a row is a step of the run $1
select step, kind, intent, state, rows, error, extract(epoch from finished_at - started_at) * 1000 as took_ms
  from pgfold.step where run = $1::bigint order by step

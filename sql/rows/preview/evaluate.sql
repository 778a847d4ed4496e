-- one row: how many rows of the range have a fault; raises where a row cannot be evaluated at all
select count(*) as rows, count(*) filter (where cardinality(q.pgfold_faults) > 0) as faulty, coalesce(sum(${forced}), 0) as looked
  from (
${shaped}
  ) q

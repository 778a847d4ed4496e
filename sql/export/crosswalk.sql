select x.source, x.id, x.outcome, case when x.key ~ '^[=+@\t\r-]' then '''' || x.key else x.key end as key, x.target_id, x.reason, x.winner,
       x.source_hash, x.target_hash
  from pgfold.crosswalk x where x.run = ${run} order by x.source, x.id

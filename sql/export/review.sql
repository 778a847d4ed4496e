select v.mapping, v.left_id, case when v.key ~ '^[=+@\t\r-]' then '''' || v.key else v.key end as key, v.reason, v.candidates
  from pgfold.review v where v.run = ${run} order by v.mapping, v.left_id

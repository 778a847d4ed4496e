select v.mapping, v.left_id, v.key, v.reason, v.candidates
  from pgfold.review v where v.run = ${run} order by v.mapping, v.left_id

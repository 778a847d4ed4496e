select x.source, x.id, x.outcome,
       case when x.key is not null and (h.hidden -> x.source) ? '(key)' then '***' else x.key end as key, x.target_id, x.reason, x.winner,
       x.source_hash, x.target_hash
  from pgfold.crosswalk x cross join (${hidden}) h where x.run = ${run} order by x.source, x.id

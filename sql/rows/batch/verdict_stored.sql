select v.id, v.verdict, v.reason, v.winner_source, v.winner, v.key_held, ${target} as winner_target
  from pgfold.verdict v where v.run = $1::bigint and v.source = ${source} and v.id = s.pgfold_id
   -- it speaks about what the row had then
   and v.claim is not distinct from ${claimed} limit 1

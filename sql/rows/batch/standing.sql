select ${newest} x.id, x.run, x.target_id, x.source_hash, x.target_hash,
       x.outcome = 'inserted' or x.reason_code = 'changed_since_run' as whole
  from pgfold.crosswalk x
 where x.run in (${runs}) and x.source = ${source} and x.outcome in ('inserted', 'merged') and x.undone is not true${one}
 ${order}

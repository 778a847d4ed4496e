select x.id, x.run, x.target_id, x.source_hash from pgfold.crosswalk x
 where x.run in (${runs}) and x.source = ${source} and x.outcome in ('inserted', 'merged') and x.undone is not true

not exists (select from pgfold.crosswalk x where x.run in (${runs}) and x.source = ${source_name} and x.id = ${id}
  and x.outcome <> 'pending' and x.source_hash = ${hash} and x.undone is not true)

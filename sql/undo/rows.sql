  if exists (select from pgfold.crosswalk x where x.run = ${run} and x.outcome in ('inserted', 'merged')) then
${rows}
  end if;

  -- a row is a source row as the target row it would become, with what is wrong with it
  select q.*,
         ${key} as pgfold_key,
         ${alike}::text as pgfold_alike,
         ${faults} as pgfold_faults,
         ${lossy} as pgfold_lossy,
         ${uniques}
  from (
${rows}
  ) q
  offset 0

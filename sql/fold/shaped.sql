  -- a row is a source row as the target row it would become, with what is wrong with it
  select q.*,
         q.${key}::text as pgfold_key,
         ${alike}::text as pgfold_alike,
         ${faults} as pgfold_faults,
         ${lossy} as pgfold_lossy,
         ${uniques}
  from (
  select ${id} as pgfold_id,
         ${hash} as pgfold_hash,
         ${ids},
         ${winner},
         ${defaulted} as pgfold_defaulted,
         ${unmapped} as pgfold_unmapped,
         ${columns},
         ${big} as pgfold_big
    from ${source} as ${alias}
   where (${restrict}) and coalesce(${filter}, false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0
  ) q
  offset 0

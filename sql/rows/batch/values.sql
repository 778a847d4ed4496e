  -- a row is a source row with the values that its target row would be given
  select ${id} as pgfold_id,
         ${hash} as pgfold_hash${then},
         ${ids},
         ${winner},
         ${defaulted} as pgfold_defaulted,
         ${unmapped} as pgfold_unmapped,
         ${cut} as pgfold_cut,
         ${narrowed} as pgfold_narrowed,
         ${columns},
         ${big} as pgfold_big
    from ${source} as ${alias}
   where (${restrict}) and coalesce(${filter}, false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

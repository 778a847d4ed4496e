
    -- a row is an entry that rows of the target have, with the first and the last of them
    left join (
      select x.entry, min(x.id) as lo, max(x.id) as hi
        from (select ${id} as id, ${values} as entry from ${target} pgfold_t where true${apart}) x
       where x.entry is distinct from null group by x.entry
    ) pgfold_k${n} on pgfold_k${n}.entry = s.pgfold_u${n}

select pgfold_t.*, pgfold_t.${id}::text as pgfold_tid, ${key} as pgfold_tkey, ${live} as pgfold_live, ${hash} as pgfold_thash from ${target} pgfold_t

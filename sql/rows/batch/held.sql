select pgfold_t.*, ${id} as pgfold_tid, ${key} as pgfold_tkey, ${live} as pgfold_live, ${hash} as pgfold_thash${then} from ${target} pgfold_t where ${inside}

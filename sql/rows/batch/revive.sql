revived as (
  update ${target} as pgfold_t set ${assignments}
    from classified c
   where c.pgfold_revived and c.pgfold_outcome = 'inserted' and ${same}
     -- somebody may have brought it back to life since it was looked at
     and not (select ${live} from (select pgfold_t.*) pgfold_l)
  returning ${id} as target_id, ${key_text} as key, ${hash} as target_hash, null::text[] as fills
),

revived as (
  update ${target} as pgfold_t set ${assignments}
    -- of rows that came to share a key since conflicts were resolved, the first alone
    from (select distinct on (r.pgfold_key) r.* from classified r
           where r.pgfold_revived and r.pgfold_outcome = 'inserted' order by r.pgfold_key, r.pgfold_id) c
   where ${same}
     -- somebody may have brought it back to life since it was looked at
     and not (select ${live} from (select pgfold_t.*) pgfold_l)
  returning ${id} as target_id, ${key_text} as key, ${hash} as target_hash, null::text[] as fills
),

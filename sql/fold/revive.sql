revived as (
  update ${target} as pgfold_t set ${assignments}
    from classified c where c.pgfold_revived and c.pgfold_outcome = 'inserted' and pgfold_t.${key} = c.${key}
  returning pgfold_t.${id}::text as target_id, pgfold_t.${key}::text as key, ${hash} as target_hash
),

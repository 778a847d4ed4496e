overwritten as (
  insert into pgfold.before_image (run, step, table_name, id, columns)
  select $1::bigint, ${step}, ${target_name}, c.pgfold_held, ${image}
    from classified c join ${target} pgfold_t on pgfold_t.${key} = c.${key}
   where c.pgfold_outcome = 'merged' and c.pgfold_takes_over
  returning 1
),
taken_over as (
  update ${target} as pgfold_t set ${assignments}
    from classified c where c.pgfold_outcome = 'merged' and c.pgfold_takes_over and pgfold_t.${key} = c.${key}
  returning pgfold_t.${id}::text as target_id, pgfold_t.${key}::text as key, ${hash} as target_hash
),

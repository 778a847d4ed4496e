imaged as (
  insert into pgfold.before_image (run, step, table_name, id, columns)
  select $1::bigint, ${step}, ${target_name}, c.pgfold_held, (select jsonb_object_agg(f, null) from unnest(c.pgfold_fills) f)
    from classified c where c.pgfold_outcome = 'merged' and not c.pgfold_takes_over
  returning 1
),
merged as (
  update ${target} as pgfold_t set ${assignments}
    from classified c where c.pgfold_outcome = 'merged' and not c.pgfold_takes_over and pgfold_t.${key} = c.${key}
  returning pgfold_t.${id}::text as target_id, pgfold_t.${key}::text as key, ${hash} as target_hash
),

inserted as (
  insert into ${target} as pgfold_t (${names}) ${overriding}
  select ${values} from classified c where c.pgfold_outcome = 'inserted' and not c.pgfold_revived order by c.pgfold_key
  on conflict (${key}) do nothing
  returning pgfold_t.${id}::text as target_id, pgfold_t.${key}::text as key, ${hash} as target_hash
),

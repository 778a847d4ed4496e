rewritten as (
  update ${target} as pgfold_t set ${assignments}
    from classified c
   where c.pgfold_outcome = 'inserted' and not c.pgfold_revived and pgfold_t.${key} = c.${key} and ${late_target}
  returning pgfold_t.${id}::text as target_id, pgfold_t.${key}::text as key, ${hash} as target_hash
),
inserted as (
  insert into ${target} as pgfold_t (${names}) ${overriding}
  select ${values} from classified c
   where c.pgfold_outcome = 'inserted' and not c.pgfold_revived
     and not exists (select from ${target} pgfold_t where pgfold_t.${key} = c.${key} and ${late_target})
   order by c.pgfold_key
  on conflict (${key}) do nothing
  returning pgfold_t.${id}::text as target_id, pgfold_t.${key}::text as key, ${hash} as target_hash
),

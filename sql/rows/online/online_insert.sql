rewritten as (
  update ${target} as pgfold_t set ${assignments}
    from classified c
   where c.pgfold_outcome = 'inserted' and not c.pgfold_revived and pgfold_t.${key} = c.${key} and ${late_target}
  returning ${id} as target_id, ${key_text} as key, ${hash} as target_hash, null::text[] as fills
),
inserted as (
  insert into ${target} as pgfold_t (${names}) ${overriding}
  select ${values} from classified c
   where c.pgfold_outcome = 'inserted' and not c.pgfold_revived
     and not exists (select from ${target} pgfold_t where pgfold_t.${key} = c.${key} and ${late_target})
   order by c.pgfold_key
  on conflict (${key})${arbiter} do nothing
  returning ${id} as target_id, ${key_text} as key, ${hash} as target_hash, null::text[] as fills
),

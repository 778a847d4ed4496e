inserted as (
  insert into ${target} as pgfold_t (${names}) ${overriding}
  select ${values} from classified c where c.pgfold_outcome = 'inserted' and not c.pgfold_revived order by c.pgfold_key, c.pgfold_id
  on conflict (${key})${arbiter} do nothing
  returning ${id} as target_id, ${key_text} as key, ${hash} as target_hash, null::text[] as fills
),

-- locked first: a row that somebody edited since it was looked at is not written over
unedited as materialized (
  select c.pgfold_id, ${image} as image
    from ${target} as pgfold_t
    join (select distinct on (m.pgfold_key) m.* from classified m
           where m.pgfold_outcome = 'merged' and m.pgfold_takes_over order by m.pgfold_key, m.pgfold_id) c on ${same}
   where ${hash_then} = c.pgfold_standing_hash
   order by c.pgfold_key
     for update of pgfold_t
),
taken_over as (
  update ${target} as pgfold_t set ${assignments}
    from classified c join unedited u on u.pgfold_id = c.pgfold_id
   where c.pgfold_outcome = 'merged' and c.pgfold_takes_over and ${same}
  returning ${id} as target_id, ${key_text} as key, ${hash} as target_hash, null::text[] as fills, u.image
),
overwritten as (
  insert into pgfold.before_image (run, step, table_name, id, columns)
  select $1::bigint, ${step}, ${target_name}, o.target_id, o.image from taken_over o
  returning 1
),

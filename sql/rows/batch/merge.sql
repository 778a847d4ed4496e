-- locked first: what is null and what is filled is read of the row as it is when nobody else can write it any more
gaps as materialized (
  select c.pgfold_id, ${gaps} as fills, ${image} as image
    from ${target} as pgfold_t
    -- of rows that came to share a key since conflicts were resolved, the first alone
    join (select distinct on (m.pgfold_key) m.* from classified m
           where m.pgfold_outcome = 'merged' and not m.pgfold_takes_over and not m.pgfold_dead order by m.pgfold_key, m.pgfold_id) c on ${same}
   order by c.pgfold_key
     for update of pgfold_t
),
merged as (
  update ${target} as pgfold_t set ${assignments}
    from classified c join gaps g on g.pgfold_id = c.pgfold_id
   where c.pgfold_outcome = 'merged' and not c.pgfold_takes_over and not c.pgfold_dead and ${same}
  returning ${id} as target_id, ${key_text} as key, ${hash} as target_hash, g.fills, ${left} as left_values,
         g.image as before, ${image} as after
),
imaged as (
  insert into pgfold.before_image (run, step, table_name, id, columns, left_values)
  select $1::bigint, ${step}, ${target_name}, m.target_id, (select jsonb_object_agg(f, null) from unnest(m.fills) f),
         (select jsonb_object_agg(f, m.left_values -> f) from unnest(m.fills) f)
    from merged m where cardinality(m.fills) > 0
  returning 1
),

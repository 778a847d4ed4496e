-- locked first: a row that came back to life since it was looked at is not written over
dead as materialized (
  select c.pgfold_id, ${image} as image
    from ${target} as pgfold_t
    join (select distinct on (m.pgfold_key) m.* from classified m
           where m.pgfold_outcome = 'merged' and m.pgfold_dead order by m.pgfold_key, m.pgfold_id) c on ${same}
   where not (select ${live} from (select pgfold_t.*) pgfold_l)
   order by c.pgfold_key
     for update of pgfold_t
),
raised as (
  update ${target} as pgfold_t set ${assignments}
    from classified c join dead d on d.pgfold_id = c.pgfold_id
   where c.pgfold_outcome = 'merged' and c.pgfold_dead and ${same}
  returning ${id} as target_id, ${key_text} as key, ${hash} as target_hash, null::text[] as fills, d.image
),
raised_images as (
  insert into pgfold.before_image (run, step, table_name, id, columns)
  select $1::bigint, ${step}, ${target_name}, r.target_id, r.image from raised r
  returning 1
),

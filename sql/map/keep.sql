-- a pair that stood before and is decided again changes only where the decision says something else
with changed as materialized (
  select g.left_id, g.right_id, g.because, g.confidence, g.evidence, g.is_primary, to_jsonb(m) as columns
    from jsonb_to_recordset($3::text::jsonb)
      as g(left_id text, right_id text, because text, confidence float8, evidence text, is_primary boolean)
    join ${table} m on m.${left} = g.left_id::${left_type} and m.${right} = g.right_id::${right_type}
   where ${differs}
   order by 1, 2
     for update of m
), imaged as (
  insert into pgfold.before_image (run, step, table_name, id, columns)
  select $1::bigint, $2::bigint, ${table_name}, jsonb_build_array(g.left_id, g.right_id)::text, g.columns from changed g
  returning 1
)
update ${table} m set ${assignments} from changed g where m.${left} = g.left_id::${left_type} and m.${right} = g.right_id::${right_type}

-- a pair that stood before and was decided again keeps its other columns
insert into ${table}
select (jsonb_populate_record(null::${table}, b.columns || ${object})).*
  from jsonb_to_recordset($3::text::jsonb)
    as g(left_id text, right_id text, because text, confidence float8, evidence text, is_primary boolean)
  join pgfold.before_image b on b.run = $1::bigint and b.step = $2::bigint and b.table_name = ${table_name}
       and b.id = jsonb_build_array(g.left_id, g.right_id)::text

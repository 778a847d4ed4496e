-- a person's file fills further columns of the pairs that it decides
update ${table} m set ${put}
  from jsonb_to_recordset($1::text::jsonb) as g(left_id text, right_id text, put jsonb)
 cross join lateral jsonb_populate_record(null::${table}, g.put) n
 where m.${left} = g.left_id::${left_type} and m.${right} = g.right_id::${right_type} and g.put <> '{}'

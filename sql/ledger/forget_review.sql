delete from pgfold.review v using jsonb_to_recordset($3::text::jsonb) as r(left_id text)
 where v.run = $1::bigint and v.mapping = $2 and v.left_id = r.left_id

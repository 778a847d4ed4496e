insert into pgfold.reject (run, source, id, code, object, message)
select $1::bigint, $2, r.id, r.code, r.object, r.message
  from jsonb_to_recordset($3::text::jsonb) as r(id text, code text, object text, message text)
 where not exists (select from pgfold.reject o where o.run = $1::bigint and o.source = $2 and o.id = r.id)

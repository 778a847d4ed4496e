insert into pgfold.reject (run, source, id, code, object, message)
select $1::bigint, $2, r.id, r.code, r.object, r.message
  from jsonb_to_recordset($3::text::jsonb) as r(id text, code text, object text, message text)

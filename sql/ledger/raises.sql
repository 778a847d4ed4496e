insert into pgfold.verdict (run, source, id, verdict, reason)
select $1::bigint, $2, r.id, 'raises', concat_ws(' ', r.code, r.object)
  from jsonb_to_recordset($3::text::jsonb) as r(id text, code text, object text, message text)
on conflict do nothing

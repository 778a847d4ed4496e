insert into pgfold.step (run, step, kind, intent, checksum)
select $1::bigint, s.step, s.kind, s.intent, s.checksum
  from jsonb_to_recordset($2::text::jsonb) as s(step int, kind text, intent text, checksum text)

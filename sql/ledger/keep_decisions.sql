insert into pgfold.gate (run, gate, version, answer, who, reason)
select $1::bigint, d.gate, d.version, d.answer, d.who, d.reason
  from jsonb_to_recordset($2::text::jsonb) as d(gate text, version int, answer text, who text, reason text)

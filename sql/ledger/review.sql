-- an attempt that was cut off may have listed some of them
insert into pgfold.review (run, mapping, left_id, key, reason, candidates)
select $1::bigint, $2, r.left_id, r.key, r.reason, r.candidates
  from jsonb_to_recordset($3::text::jsonb) as r(left_id text, key text, reason text, candidates jsonb)
on conflict (mapping, left_id, run) do update set key = excluded.key, reason = excluded.reason, candidates = excluded.candidates

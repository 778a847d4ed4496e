insert into pgfold.timing (run, part, ms) select $1::bigint, t.key, t.value::float8 from jsonb_each_text($2::text::jsonb) t
on conflict (run, part) do update set ms = timing.ms + excluded.ms

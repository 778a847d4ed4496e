insert into pgfold.check_result (run, number, title, verdict, examined, failing, failures, apart, hint)
select $1::bigint, c.number, c.title, c.verdict, c.examined, c.failing, c.failures, c.apart, c.hint
  from jsonb_to_recordset($2::text::jsonb)
    as c(number int, title text, verdict text, examined text, failing bigint, failures jsonb, apart jsonb, hint text)
on conflict (run, number) do update set title = excluded.title, verdict = excluded.verdict, examined = excluded.examined,
  failing = excluded.failing, failures = excluded.failures, apart = excluded.apart, hint = excluded.hint, at = clock_timestamp()

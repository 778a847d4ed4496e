insert into pgfold.message (run, number, type, at, delivered, tries, error)
select $1::bigint, coalesce((select max(number) from pgfold.message where run = $1::bigint), 0) + m.number, m.type, m.at::timestamptz, m.delivered, m.tries, m.error
  from jsonb_to_recordset($2::text::jsonb) as m(number int, type text, at text, delivered boolean, tries int, error text)

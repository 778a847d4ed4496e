insert into pgfold.schema_image (run, object, belongs_to, definition)
select $1::bigint, o.value->>'object', o.value->>'belongs_to', o.value->>'definition'
  from jsonb_each($2::text::jsonb) o
 where o.value->>'belongs_to' = any ($3::text[]) or o.key = any ($4::text[])
on conflict (run, object) do update set definition = excluded.definition, belongs_to = excluded.belongs_to

-- notes objects as an enhancement left them
insert into pgfold.object_left (run, step, object, belongs_to, is_new, definition, facts)
select $1::bigint, $2::bigint, l.object, l.belongs_to, l.is_new, l.definition, coalesce(l.facts, '')
  from jsonb_to_recordset($3::jsonb) l(object text, belongs_to text, is_new boolean, definition text, facts text)

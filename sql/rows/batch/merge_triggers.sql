changed_besides as (
  -- what triggers changed in a merged row besides what was filled
  insert into pgfold.before_image (run, step, table_name, id, columns, left_values)
  select $1::bigint, ${step}, ${target_name}, m.target_id, d.columns, d.left_values
    from merged m
    cross join lateral (
      select jsonb_object_agg(o.key, o.value) as columns, jsonb_object_agg(o.key, m.left_values -> o.key) as left_values
        from jsonb_each(m.before) o where m.after -> o.key is distinct from o.value and o.key <> all (m.fills)) d
   where d.columns is not null
  returning 1
),

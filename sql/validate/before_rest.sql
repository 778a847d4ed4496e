(select case when jsonb_typeof(o.own) = 'object' then o.own
             when o.own is null or jsonb_typeof(o.own) = 'null' then '{}'
             else jsonb_build_object('value', o.own) end from (select ${own} as own) o)

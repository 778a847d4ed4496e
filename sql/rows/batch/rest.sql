(select case when jsonb_typeof(o.own) = 'object' then o.own
             when o.own is null or jsonb_typeof(o.own) = 'null' then '{}'
             else jsonb_build_object('value', o.own) end
        || jsonb_build_object(${under}::text,
             case when jsonb_typeof(o.own) = 'object' and o.own ? ${under}
                  then jsonb_build_object(${under}::text, o.own -> ${under}) else '{}' end
             || ${kept})
   from (select ${own} as own) o)

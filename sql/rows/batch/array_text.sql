-- one value: the text of an array whose elements' texts depend on the time zone
case when ${v} is distinct from null then
  case when array_ndims(${v}) > 1 then ${flat}
       else case when array_lower(${v}, 1) <> 1 then array_dims(${v}) || '=' else '' end
            || coalesce((select array_agg(${one} order by ${at})::text from generate_subscripts(${v}, 1) ${at}), '{}') end
end

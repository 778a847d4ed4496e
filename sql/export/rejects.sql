select r.source, r.id, r.code, r.object,
       -- the server's words quote the value that it refused
       case when jsonb_array_length(coalesce(h.hidden -> r.source, '[]')) > 0 then split_part(r.message, ':', 1) else r.message end as message,
       (select jsonb_object_agg(f.name, case when (h.hidden -> r.source) ? f.name then '"***"' else f.value end)
          from jsonb_each(r.content) f(name, value)) as content
  from pgfold.reject r cross join (${hidden}) h where r.run = ${run} order by r.source, r.id, r.code, r.object

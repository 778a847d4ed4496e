select r.source, r.id, r.code, r.object, case when r.message ~ '^[=+@\t\r-]' then '''' || r.message else r.message end as message, r.content
  from pgfold.reject r where r.run = ${run} order by r.source, r.id, r.code, r.object

-- one row: references of one column, and those that point to nothing
select count(r.${column}) as examined, count(*) filter (where r.${column} is not null and t.${id} is null) as rows,
       (array_agg(r.${column}::text) filter (where r.${column} is not null and t.${id} is null))[1:5] as examples
  from ${table} r left join ${to} t on t.${id} = r.${column}

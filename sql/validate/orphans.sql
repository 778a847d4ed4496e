-- one row: references of one foreign key, and those that point to nothing; one with a null among its columns is none
select count(*) filter (where ${given}) as examined, count(*) filter (where ${given} and t.${id} is null) as rows,
       (array_agg(concat_ws(', ', ${shown})) filter (where ${given} and t.${id} is null))[1:5] as examples
  from ${table} r left join ${to} t on ${same}

-- a row is a required field that is null or empty, told apart by whether it was so before the run
select ${name} || ' is null or empty' || case when f.old then ', and was before the run' else '' end as what,
       count(*) as rows, (array_agg(f.id order by f.id))[1:5] as examples
  from (
    select ${alias}.${id}::text as id, e.id is not null as old
      from ${target} ${alias}
      left join pgfold.existing_row e on e.run = $1::bigint and e.id = ${alias}.${id}::text
     where (${live}) and (${alias}.${column} is null or btrim(${alias}.${column}::text) = '')
  ) f group by f.old

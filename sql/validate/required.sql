-- a row is a required field that is null or empty, told apart by whether it was so before the run
select case when f.old then 'field_empty_before' else 'field_empty' end as code, f.name as detail,
       count(*) as rows, (array_agg(f.id order by f.id))[1:5] as examples
  from (
    select n.place, n.name, b.id, e.id is not null as old
      from (
        select ${alias}.${id}::text as id, array[${names}]::text[] as names from ${target} ${alias} where (${live}) and (${any})
      ) b
      cross join lateral unnest(b.names) with ordinality n(name, place)
      left join pgfold.existing_row e on e.run = $1::bigint and e.id = b.id
     where n.name is not null
  ) f group by f.place, f.name, f.old order by f.place, f.old

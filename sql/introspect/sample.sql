-- a row is a column with up to 200 of the values of its table's first rows, and how many rows were looked at
select q.key as column_name, (array_agg(distinct left(q.value, 60)) filter (where q.value is not null))[1:200] as values, count(*) as rows
  from (select to_jsonb(t) as j from (select * from ${table} limit 2000) t) r cross join lateral jsonb_each_text(r.j) q
 group by 1

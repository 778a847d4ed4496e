-- what a merge wrote for late rows is put back as it was; a field that somebody wrote since is his
with locked as materialized (
  select pgfold_t.${id}::text as id, ${left} as now
    from ${target} as pgfold_t
   where pgfold_t.${id}::text in (
     select x.target_id from pgfold.crosswalk x join pgfold.late l on l.run = x.run and l.source = x.source and l.id = x.id
      where x.run = $1::bigint and x.outcome = 'merged')
   order by pgfold_t.${key}
     for update of pgfold_t
), images as (
  delete from pgfold.before_image b using locked k
   where b.run = $1::bigint and b.table_name = ${table_name} and b.id = k.id
  returning b.id, b.columns, b.left_values, b.n, k.now
)
update ${target} as pgfold_t set ${restore}
  from (select c.id, jsonb_object_agg(c.key, c.first) as columns
          from (
            -- a row that several legacy rows filled has several images: the first one is what was, the last one what we left
            select i.id, f.key, (array_agg(f.value order by i.n))[1] as first,
                   (array_agg(i.left_values is null or i.left_values -> f.key = i.now -> f.key order by i.n desc))[1] as ours
              from images i cross join jsonb_each(i.columns) f
             group by i.id, f.key) c
         where c.ours
         group by c.id) b
 where pgfold_t.${id}::text = b.id

-- what a merge wrote for late rows is put back as it was
with images as (
  delete from pgfold.before_image b
   where b.run = $1::bigint and b.table_name = ${table_name} and exists (
     select from pgfold.crosswalk x join pgfold.late l on l.run = x.run and l.source = x.source and l.id = x.id
      where x.run = $1::bigint and x.outcome = 'merged' and x.target_id = b.id)
  returning b.id, b.columns
)
update ${target} as pgfold_t set ${restore}
  from (select i.id, jsonb_object_agg(f.key, f.value) as columns from images i cross join jsonb_each(i.columns) f group by i.id) b
 where pgfold_t.${id}::text = b.id

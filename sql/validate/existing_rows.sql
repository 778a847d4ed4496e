-- a row is a way in which rows of before are not the rows of now
with written as (
  select case w.what when 'deleted' then w.columns ->> ${id_name} else ${alias}.${id}::text end as id, w.run, w.step, w.what, w.columns
    from pgfold.written_row w left join ${target} ${alias} on ${primary_key} = w.id
   where w.run >= $1::bigint and w.table_name = ${word}
), filled as (
  -- what a row of before held where a merge or an enhancement wrote to it
  select b.id, jsonb_object_agg(f.name, f.value order by b.run desc, b.step desc) as columns from (
    select b.id, b.run, b.step, b.columns from pgfold.before_image b where b.run >= $1::bigint and b.table_name = ${target_name}
    union all
    select w.id, w.run, w.step, w.columns from written w where w.what = 'changed'
  ) b cross join jsonb_each(b.columns) f(name, value) group by b.id
)
select f.code, null as detail, count(*) as rows, (array_agg(f.id order by f.id))[1:5] as examples from (
  select 'existing_gone' as code, e.id from pgfold.existing_row e
   where e.run = $1::bigint and not exists (select from ${target} t where t.${id}::text = e.id)
     and not exists (select from written w where w.id = e.id and w.what = 'deleted')
  union all
  select 'existing_edited', e.id
    from pgfold.existing_row e join ${target} ${alias} on ${alias}.${id}::text = e.id
   where e.run = $1::bigint and e.hash is distinct from ${hash}
     and not exists (select from pgfold.crosswalk x where x.run >= $1::bigint and (x.outcome = 'merged' or x.reason_code = 'revived') and x.target_id = e.id and ${hash} is not null
                     and x.undone is not true)
     and not exists (select from written w where w.id = e.id and w.what = 'changed' and ${hash} is not null)
  union all
  select 'existing_edited_besides_merge', e.id
    from pgfold.existing_row e join filled i on i.id = e.id
    join ${target} pgfold_there on pgfold_there.${id}::text = e.id
    cross join lateral (select ${restored}) ${alias}
   where e.run = $1::bigint and e.hash is distinct from ${hash}
     and (exists (select from pgfold.crosswalk x where x.run >= $1::bigint and x.outcome = 'merged' and x.target_id = e.id and x.undone is not true)
       or exists (select from written w where w.id = e.id and w.what = 'changed'))
     and not exists (select from pgfold.crosswalk x where x.run >= $1::bigint and x.reason_code = 'revived' and x.target_id = e.id and x.undone is not true)
) f group by f.code

-- a row is a way in which rows of before are not the rows of now
with filled as (
  -- what a row of before held where a merge filled it
  select b.id, jsonb_object_agg(f.name, f.value order by b.run desc, b.step desc) as columns
    from pgfold.before_image b cross join jsonb_each(b.columns) f(name, value)
   where b.run >= $1::bigint and b.table_name = ${target_name} group by b.id
)
select f.what, count(*) as rows, (array_agg(f.id order by f.id))[1:5] as examples from (
  select 'gone' as what, e.id from pgfold.existing_row e
   where e.run = $1::bigint and not exists (select from ${target} t where t.${id}::text = e.id)
  union all
  select 'edited since the run began', e.id
    from pgfold.existing_row e join ${target} ${alias} on ${alias}.${id}::text = e.id
   where e.run = $1::bigint and e.hash is distinct from ${hash}
     and not exists (select from pgfold.crosswalk x where x.run >= $1::bigint and (x.outcome = 'merged' or x.reason = 'revived') and x.target_id = e.id and ${hash} is not null
                     and x.undone is not true)
  union all
  select 'edited since the run began, besides what a merge filled', e.id
    from pgfold.existing_row e join filled i on i.id = e.id
    join ${target} pgfold_there on pgfold_there.${id}::text = e.id
    cross join lateral jsonb_populate_record(pgfold_there, i.columns) ${alias}
   where e.run = $1::bigint and e.hash is distinct from ${hash}
     and exists (select from pgfold.crosswalk x where x.run >= $1::bigint and x.outcome = 'merged' and x.target_id = e.id and x.undone is not true)
     and not exists (select from pgfold.crosswalk x where x.run >= $1::bigint and x.reason = 'revived' and x.target_id = e.id and x.undone is not true)
) f group by f.what

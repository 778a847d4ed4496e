-- a row is a way in which rows of before are not the rows of now
select f.what, count(*) as rows, (array_agg(f.id order by f.id))[1:5] as examples from (
  select 'gone' as what, e.id from pgfold.existing_row e
   where e.run = $1::bigint and not exists (select from ${target} t where t.${id}::text = e.id)
  union all
  select 'edited since the run began', e.id
    from pgfold.existing_row e join ${target} ${alias} on ${alias}.${id}::text = e.id
   where e.run = $1::bigint and e.hash is distinct from ${hash}
     and not exists (select from pgfold.crosswalk x where x.run >= $1::bigint and (x.outcome = 'merged' or x.reason = 'revived') and x.target_id = e.id and ${hash} is not null
                     and x.undone is not true)
) f group by f.what

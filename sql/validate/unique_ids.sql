-- a row is a way in which keys of the target are not unique
select 'one key twice' as what, count(*) as rows, (array_agg(d.key order by d.key))[1:5] as examples
  from (select t.${key}::text as key from ${target} t where t.${key} is not null group by 1 having count(*) > 1) d having count(*) > 0
union all
select 'keys that differ only by case or blanks', count(*), (array_agg(d.keys))[1:5]
  from (select string_agg(t.${key}::text, ' | ' order by t.${key}::text) as keys from ${target} t where t.${key} is not null
         group by lower(regexp_replace(t.${key}::text, '\s+', '', 'g')) having count(distinct t.${key}::text) > 1) d having count(*) > 0
union all
select 'rows of the run without a key', count(*), (array_agg(t.${id}::text))[1:5]
  from ${target} t where t.${key} is null and ($1::bigint = 0
    or exists (select from pgfold.existing_row e where e.run = $1::bigint and e.id = t.${id}::text)
    or exists (select from pgfold.crosswalk x where x.run >= $1::bigint and x.outcome = 'inserted' and x.target_id = t.${id}::text)) having count(*) > 0
union all
select 'the application added rows without a key', count(*), (array_agg(t.${id}::text))[1:5]
  from ${target} t where t.${key} is null and $1::bigint <> 0
    and not exists (select from pgfold.existing_row e where e.run = $1::bigint and e.id = t.${id}::text)
    and not exists (select from pgfold.crosswalk x where x.run >= $1::bigint and x.outcome = 'inserted' and x.target_id = t.${id}::text) having count(*) > 0

-- a row is a way in which keys of the target are not unique
with alike as materialized (
  -- keys that are one but for case and blanks; those that are one in full are among them
  select lower(regexp_replace(t.${key}::text, '\s+', '', 'g')) as folded
    from ${target} t where t.${key} is not null group by 1 having count(*) > 1
),
doubled as materialized (
  select a.folded, t.${key}::text as key
    from alike a join ${target} t on t.${key} is not null and lower(regexp_replace(t.${key}::text, '\s+', '', 'g')) = a.folded
),
bare as materialized (
  select t.${id}::text as id from ${target} t where t.${key} is null
),
ours as materialized (
  select b.id from bare b
   where $1::bigint = 0 or exists (select from pgfold.existing_row e where e.run = $1::bigint and e.id = b.id)
      or exists (select from pgfold.crosswalk x where x.run >= $1::bigint and x.outcome = 'inserted' and x.target_id = b.id)
)
select 'key_twice' as code, null as detail, count(*) as rows, (array_agg(d.key order by d.key))[1:5] as examples
  from (select key from doubled group by key having count(*) > 1) d having count(*) > 0
union all
select 'keys_nearly_equal', null, count(*), (array_agg(d.keys))[1:5]
  from (select string_agg(key, ' | ' order by key) as keys from doubled
         group by folded having count(distinct key) > 1) d having count(*) > 0
union all
select 'row_without_key', null, count(*), (array_agg(o.id))[1:5] from ours o having count(*) > 0
union all
select 'application_row_without_key', null, count(*), (array_agg(b.id))[1:5]
  from bare b where not exists (select from ours o where o.id = b.id) having count(*) > 0

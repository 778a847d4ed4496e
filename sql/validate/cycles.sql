-- a row is a set of target rows that are their own ancestors
with recursive up as (
  select t.${id} as start, t.${parent} as parent, 1 as depth, array[t.${id}] as path from ${target} t where t.${parent} is not null
     -- a root that names itself as its parent is a way to mark it
     and t.${parent} is distinct from t.${id}
  union all
  select u.start, t.${parent}, u.depth + 1, u.path || t.${id} from up u join ${target} t on t.${id} = u.parent
   where t.${parent} is not null and t.${parent} is distinct from t.${id} and u.depth < 1000 and not t.${id} = any (u.path)
)
select 'cycle' as code, null as detail, count(distinct u.start) as rows, (array_agg(distinct u.start::text))[1:5] as examples
  from up u where u.parent = u.start having count(*) > 0

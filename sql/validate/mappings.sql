-- a row is a way in which live rows are not mapped as they should be
with live as materialized (
  select ${alias}.${id} as id, coalesce(${alias}.${key}::text, ${alias}.${id}::text) as key from ${target} ${alias} where (${live})
),
-- a set is known by the sum of its hashes: which order its rows come in is no matter, and nothing is sorted
sets as (
  select m.${left} as id, count(*) as n, ${primary} as primaries, sum(hashtextextended(m.${right}::text, 0)) as rights
    from ${table} m where m.${left} is not null group by m.${left}
),
mapped as materialized (
  select l.id, l.key, coalesce(s.n, 0) as n, s.primaries, s.rights from live l left join sets s on s.id = l.id
),
shares as (
  select count(*) as rows, max(n) as same from (select count(*) as n from mapped where n > 0 group by n, rights) s
)
select 'unmapped' as code, null as detail, count(*) as rows, (array_agg(key order by key))[1:5] as examples from mapped where n = 0 having count(*) > 0
union all
select 'not_one_primary', null, count(*), (array_agg(key order by key))[1:5] from mapped where n > 0 and primaries <> 1 having count(*) > 0
union all
select 'same_set', null, s.same, '{}'::text[]
  from shares s, (select count(*) as n from mapped where n > 0) t
 where t.n >= 6 and s.same * 3 >= t.n * 2
union all
select 'too_much_fallback', round(${fallback_at_most}::numeric * 100)::text, f.n, '{}'::text[]
  from (select count(distinct d.left_id) as n from pgfold.mapped d join live l on l.id::text = d.left_id
         where d.mapping = ${name} and d.because = 'fallback' and d.is_new
           and d.run = any (array(select r.run from pgfold.run r where r.undone_level is null))) f,
       (select count(*) as n from live) t
 where f.n > t.n * ${fallback_at_most}::numeric

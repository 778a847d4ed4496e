-- a row is a way in which live rows are not mapped as they should be
with live as materialized (
  select ${alias}.${id} as id, coalesce(${alias}.${key}::text, ${alias}.${id}::text) as key from ${target} ${alias} where (${live})
),
mapped as materialized (
  select l.id, l.key, count(m.${left}) as n, ${primary} as primaries, string_agg(m.${right}::text, ' ' order by m.${right}::text) as rights
    from live l left join ${table} m on m.${left} = l.id group by l.id, l.key
),
shares as (
  select count(*) as rows, max(n) as same from (select rights, count(*) as n from mapped where n > 0 group by rights) s
)
select 'live rows without a mapping' as what, count(*) as rows, (array_agg(key order by key))[1:5] as examples from mapped where n = 0 having count(*) > 0
union all
select 'live rows without exactly one primary', count(*), (array_agg(key order by key))[1:5] from mapped where n > 0 and primaries <> 1 having count(*) > 0
union all
select 'two thirds of the rows have one same set', s.same, '{}'::text[]
  from shares s, (select count(*) as n from mapped where n > 0) t
 where t.n >= 6 and s.same * 3 >= t.n * 2
union all
select 'more than ' || round(${fallback_at_most}::numeric * 100) || ' % by fallback', f.n, '{}'::text[]
  from (select count(distinct d.left_id) as n from pgfold.mapped d join live l on l.id::text = d.left_id
         join pgfold.run r on r.run = d.run and r.undone_level is null
        where d.mapping = ${name} and d.because = 'fallback' and d.is_new) f,
       (select count(*) as n from live) t
 where f.n > t.n * ${fallback_at_most}::numeric

-- a row is a mapping of the run in numbers
select coalesce(d.mapping, v.mapping) as mapping, coalesce(d.new, 0) as new, coalesce(d.rows, 0) as rows, coalesce(d.several, 0) as several,
       coalesce(d.fallback, 0) as fallback, coalesce(v.review, 0) as review
  from (
    select mapping, sum(n) as new, count(*) as rows, count(*) filter (where n > 1) as several, count(*) filter (where fallback) as fallback
      from (select mapping, left_id, count(*) as n, bool_and(because = 'fallback') as fallback
              from pgfold.mapped where run = $1::bigint and is_new group by mapping, left_id) r
     group by mapping
  ) d
  full join (select mapping, count(*) as review from pgfold.review where run = $1::bigint group by mapping) v on v.mapping = d.mapping
 order by 1

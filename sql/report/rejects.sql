-- a row is a reason for which the run $1 rejected rows of a source
select source, code, coalesce(object, '') as object, count(distinct id) as rows
  from pgfold.reject where run = $1::bigint group by 1, 2, 3 order by rows desc, 1, 2, 3 limit 100

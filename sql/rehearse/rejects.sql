-- a row is a kind of reject of the run $1 with how many rows have it and one of them
select r.source, r.code, r.object, count(*) as rows, min(r.id) as example
  from pgfold.reject r where r.run = $1 group by 1, 2, 3 order by 1, 4 desc, 2, 3

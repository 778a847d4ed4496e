-- a row is a check that examined the run $1
select number, title, verdict, examined, failing, failures, apart, hint, at::text as at from pgfold.check_result
 where run = $1::bigint order by number

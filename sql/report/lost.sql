-- a row is a notification of the run $1 that its receiver did not take
select type, at::text as at, tries, coalesce(error, '') as error from pgfold.message where run = $1::bigint and not delivered order by number

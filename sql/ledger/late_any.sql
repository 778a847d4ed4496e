-- one row: whether there is any
select exists (select from pgfold.late where run = $1::bigint) as found

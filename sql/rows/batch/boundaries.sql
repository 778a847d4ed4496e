-- a row is the upper end of a batch of $1 rows
select q.upto from (
  select ${ids} as upto, row_number() over (order by ${columns}) as n from ${source} as ${alias}
) q where q.n % $1::bigint = 0 order by q.n

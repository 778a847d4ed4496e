-- a row is the upper end of a batch of at most $1 rows and, but for its last row, $2 bytes
select q.upto from (
  select ${ids} as upto, row_number() over w as n, ${size} as size, sum(${size}) over w as bytes
    from ${source} as ${alias}
  window w as (order by ${columns} rows unbounded preceding)
) q where q.n % $1::bigint = 0 or q.bytes / $2::bigint > (q.bytes - q.size) / $2::bigint order by q.n

-- one row: how many of the next $1 rows that no run has seen as they are there are, and the last one's id
select count(*) as rows, (array_agg(q.upto order by q.n desc))[1] as upto
  from (select to_jsonb(${ids}) as upto, row_number() over (order by ${columns}) as n
          from ${source} as ${alias} where ${unknown} order by ${columns} limit $1::bigint) q

-- one row: how many rows a range has, and where its lower half ends
select count(*) as rows, (array_agg(q.upto order by q.n))[greatest(count(*) / 2, 1)] as middle
  from (select to_jsonb(${ids}) as upto, row_number() over (order by ${columns}) as n
          from ${source} as ${alias} where ${range}) q

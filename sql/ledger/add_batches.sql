insert into pgfold.batch (run, step, source, batch, above, upto)
select $1::bigint, $2::bigint, $3, e.n,
       (select array_agg(x order by o) from jsonb_array_elements_text(e.above) with ordinality as y(x, o)),
       (select array_agg(x order by o) from jsonb_array_elements_text(e.upto) with ordinality as y(x, o))
  from (
    select b.n, b.upto, lag(b.upto) over (order by b.n) as above
      from (
        select n, upto from jsonb_array_elements($4::text::jsonb) with ordinality as b(upto, n)
        union all
        select jsonb_array_length($4::text::jsonb) + 1, null
      ) b
  ) e

(select jsonb_object_agg(x.d, x.n)
     from (select u.d, count(*) as n from classified c cross join unnest(c.${column}) u(d)
            where c.pgfold_outcome in ('inserted', 'merged', 'unchanged') group by u.d) x)

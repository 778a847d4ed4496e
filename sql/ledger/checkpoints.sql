-- a row is a look that the plan asks for after the newest run $1: when it is due, and whether a healthy one was made since
select c.name, (r.finished_at + c.after)::text as due, r.finished_at + c.after <= clock_timestamp() as is_due,
       exists (select from pgfold.health h where h.consolidation = r.consolidation and h.run = r.run and h.healthy
                and h.at >= r.finished_at + c.after) as done
  from pgfold.run r cross join (values ('24 hours', interval '24 hours'), ('48 hours', interval '48 hours'), ('7 days', interval '7 days')) as c(name, after)
 where r.run = $1::bigint order by c.after

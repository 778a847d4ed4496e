-- What was inserted comes back, where nothing that changed meanwhile can touch it.
select coalesce(jsonb_agg(to_jsonb(q)), '[]') from (
  select x.source, x.id, x.outcome, null as code, null as raises, null as same,
         (select m.outcome from oracle.model m join oracle.shadow sh on sh.o_source = m.source and sh.o_id = m.id
           where m.source = x.source and m.id = x.id and m.outcome = 'inserted' and m.untouched
             and (lower(sh.name) in ('zed', 'bob', 'ann')) is not true) as expected,
         coalesce((select jsonb_agg(r.code) from pgfold.reject r where r.run = x.run and r.source = x.source and r.id = x.id), '[]') as codes
    from pgfold.crosswalk x where x.run = (select max(run) from pgfold.run)
) q

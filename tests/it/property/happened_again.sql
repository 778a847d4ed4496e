select coalesce(jsonb_agg(to_jsonb(q)), '[]') from (
  select x.source, x.id, x.outcome, null as expected, null as code,
         coalesce((select jsonb_agg(r.code) from pgfold.reject r where r.run = x.run and r.source = x.source and r.id = x.id), '[]') as codes
    from pgfold.crosswalk x where x.run = (select max(run) from pgfold.run)
) q

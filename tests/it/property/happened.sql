select coalesce(jsonb_agg(to_jsonb(q)), '[]') from (
  select x.source, x.id, x.outcome, m.outcome as expected, m.code,
         coalesce((select jsonb_agg(r.code) from pgfold.reject r where r.run = x.run and r.source = x.source and r.id = x.id), '[]') as codes
    from pgfold.crosswalk x left join oracle.model m on m.source = x.source and m.id = x.id
) q

select coalesce(jsonb_agg(to_jsonb(q)), '[]') from (
  select x.source, x.id, x.outcome, m.outcome as expected, m.code, m.raises,
         (select to_jsonb(t) - array['tid', 'old_no', 'extra', 'removed'] = to_jsonb(sh) - array['o_source', 'o_id', 'old_no', 'extra', 'removed']
            from things t, oracle.shadow sh
           where x.outcome = 'inserted' and t.tid::text = x.target_id and sh.o_source = x.source and sh.o_id = x.id) as same,
         coalesce((select jsonb_agg(r.code) from pgfold.reject r where r.run = x.run and r.source = x.source and r.id = x.id), '[]') as codes
    from pgfold.crosswalk x left join oracle.model m on m.source = x.source and m.id = x.id
) q

  -- a later run that rests on this one would hang in the air
  select count(*), string_agg(l.run::text, ', ' order by l.run) into pgfold_n, pgfold_text
    from pgfold.run r join pgfold.run l on l.consolidation = r.consolidation and l.run > r.run and l.changed
   where r.run = ${run} and case when pgfold_level = 'schema' then l.undone_level is distinct from 'schema' else l.undone_level is null end
     and (pgfold_level = 'schema'
       or exists (select from pgfold.crosswalk y join pgfold.crosswalk x on x.target_id = y.target_id
                   where y.run = l.run and y.undone is not true and x.run = ${run} and x.outcome = 'inserted' and ${picked})
       or exists (select from pgfold.mapped y join pgfold.crosswalk x on x.target_id = y.left_id
                   where y.run = l.run and y.is_new and x.run = ${run} and x.outcome = 'inserted' and ${picked}
                     and not exists (select from pgfold.crosswalk z where z.run = l.run and z.target_id = y.left_id and z.undone)));
  if pgfold_n > 0 then
    raise exception 'later runs are built on this one: %', pgfold_text
      using errcode = 'P0004', hint = format('take them back first, newest first: pgfold rollback --run %s --level %s --with-later-runs --execute', ${run}, pgfold_level);
  end if;

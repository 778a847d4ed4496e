  -- a later run that relies on rows of this one, of whatever consolidation, would hang in the air
  select count(*), string_agg(l.told, ', ' order by l.run) into pgfold_n, pgfold_text
    from (
      select l.run, l.run || case when l.consolidation = r.consolidation then '' else format(' (of %s: pgfold rollback --run %s %s --execute)', l.consolidation, l.run, l.consolidation) end as told
        from pgfold.run r
        join pgfold.run l on l.run > r.run and l.changed and (l.consolidation = r.consolidation or l.plan -> 'target' = r.plan -> 'target')
       where r.run = ${run}
         and case when pgfold_level = 'schema' and l.consolidation = r.consolidation then l.undone_level is distinct from 'schema' else l.undone_level is null end
         and (pgfold_level = 'schema' and l.consolidation = r.consolidation
           or exists (select from pgfold.crosswalk y join pgfold.crosswalk x on x.target_id = y.target_id
                       where y.run = l.run and y.undone is not true and x.run = ${run} and x.outcome = 'inserted' and ${picked}
                         -- a row that a later run found as it was goes with it when it is picked
                         and not (pgfold_part and y.outcome = 'unchanged' and y.source = x.source and y.id = x.id))
           or exists (select from pgfold.mapped y join pgfold.crosswalk x on x.target_id = y.left_id
                       where y.run = l.run and y.is_new and x.run = ${run} and x.outcome = 'inserted' and ${picked}
                         and not exists (select from pgfold.crosswalk z where z.run = l.run and z.target_id = y.left_id and z.undone)))
    ) l;
  if pgfold_n > 0 then
    raise exception 'later runs are built on this one: %', pgfold_text
      using errcode = 'P0004', hint = format('take them back first, newest first: pgfold rollback --run %s --level %s --with-later-runs --execute', ${run}, pgfold_level);
  end if;

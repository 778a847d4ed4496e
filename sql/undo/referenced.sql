  -- a delete would take along, cut loose, or fail on rows that point here
  if to_regclass(${by_literal}) is not null and current_setting('pgfold.drop_references', true) is distinct from 'on' then
    select count(*) into pgfold_n
      from ${by} pgfold_r join ${target} ${alias} on ${alias}.${to} = pgfold_r.${column}
      join pgfold.crosswalk x on x.run = ${run} and x.outcome = 'inserted' and x.undone is not true and x.target_id = ${alias}.${id}::text;
    if pgfold_n > 0 then
      raise exception '% rows of % refer to rows of the run', pgfold_n, ${by_name}
        using errcode = 'P0004', hint = 'level rows keeps them; or let them go: pgfold rollback --drop-references';
    end if;
  end if;

  -- a row that was soft-deleted before and lives again is somebody's decision
  if not pgfold_discard then
    select count(*), string_agg(e.key, ', ' order by e.key) filter (where e.n <= 20) into pgfold_n, pgfold_text
      from (select x.key, row_number() over (order by x.key) as n
              from pgfold.crosswalk x join ${target} ${alias} on ${alias}.${id} = x.target_id::${id_type}
             where x.run = ${run} and x.outcome = 'inserted' and (x.undone or pgfold_before > 0) and ${picked} and (${live})) e;
    if pgfold_n > 0 then
      raise exception '% rows were brought back to life since they were taken back: %', pgfold_n, pgfold_text
        using errcode = 'P0004', hint = format('keep them, or discard the edits: pgfold rollback --run %s --level %s --discard-edits --execute', ${run}, pgfold_level);
    end if;
  end if;

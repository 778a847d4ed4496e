  -- merges filled only what was null
  if pgfold_before = 0 then
    update ${target} ${alias} set ${restore}
      from pgfold.before_image b
      join pgfold.crosswalk x on x.run = b.run and x.target_id = b.id and x.outcome = 'merged'
     where b.run = ${run} and b.table_name = ${table_name} and ${alias}.${id} = b.id::${id_type};
    get diagnostics pgfold_n = row_count;
    select count(*) into pgfold_m from pgfold.crosswalk x where x.run = ${run} and x.outcome = 'merged' and x.undone is not true;
    if pgfold_n <> pgfold_m then
      raise exception 'of % merged rows only % could be restored', pgfold_m, pgfold_n using errcode = 'P0004';
    end if;
  end if;

  update ${target} ${alias} set ${set}
    from pgfold.crosswalk x
   where x.run = ${run} and x.outcome = 'inserted' and x.undone is not true and ${picked} and ${alias}.${id} = x.target_id::${id_type};
  get diagnostics pgfold_n = row_count;
  select count(*) into pgfold_m from pgfold.crosswalk x
   where x.run = ${run} and x.outcome = 'inserted' and x.undone is not true and ${picked};
  if pgfold_n <> pgfold_m and not pgfold_discard then
    raise exception 'of % inserted rows only % are there', pgfold_m, pgfold_n using errcode = 'P0004';
  end if;
  pgfold_effect := pgfold_effect || jsonb_build_object('soft_deleted', pgfold_n);

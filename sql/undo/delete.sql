  -- rows that a part rollback soft-deleted go, too, but are not counted upon
  with gone as (
    delete from ${target} ${alias} using pgfold.crosswalk x
     where x.run = ${run} and x.outcome = 'inserted' and ${picked} and ${alias}.${id} = x.target_id::${id_type}
    returning x.undone is true as undone
  )
  select count(*) filter (where not undone), count(*) into pgfold_n, pgfold_m from gone;
  pgfold_effect := pgfold_effect || jsonb_build_object('deleted', pgfold_m);
  select count(*) into pgfold_m from pgfold.crosswalk x
   where x.run = ${run} and x.outcome = 'inserted' and x.undone is not true and ${picked};
  if pgfold_n <> pgfold_m and pgfold_before = 0 and not pgfold_discard then
    raise exception 'of % inserted rows only % are there', pgfold_m, pgfold_n using errcode = 'P0004';
  end if;

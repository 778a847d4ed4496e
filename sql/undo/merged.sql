  -- a row that several legacy rows filled has several images: the first one counts
  if pgfold_before = 0 then
    update ${target} ${alias} set ${restore}
      from (select b.id, jsonb_object_agg(f.key, f.value order by b.n desc) as columns
              from pgfold.before_image b cross join jsonb_each(b.columns) f
             where b.run = ${run} and b.table_name = ${table_name}
               and exists (select from pgfold.crosswalk x where x.run = ${run} and x.target_id = b.id and x.outcome = 'merged' and x.undone is not true and ${picked})
             group by b.id) b
     where ${alias}.${id} = b.id::${id_type};
    get diagnostics pgfold_n = row_count;
    select count(distinct x.target_id) into pgfold_m from pgfold.crosswalk x
     where x.run = ${run} and x.outcome = 'merged' and x.undone is not true and ${picked};
    if pgfold_n <> pgfold_m and not pgfold_discard then
      raise exception 'of % merged rows only % could be restored', pgfold_m, pgfold_n using errcode = 'P0004';
    end if;
    pgfold_effect := pgfold_effect || jsonb_build_object('restored', pgfold_n);
  end if;

  -- columns that came since the run are in no hash of it: what they hold would go with a row that is deleted
  if pgfold_before = 0 and not pgfold_discard then
    for pgfold_row in
      select a.attname, coalesce(pg_get_expr(d.adbin, d.adrelid), 'null') as otherwise
        from pg_catalog.pg_attribute a left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
       where a.attrelid = to_regclass(${target_literal}) and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attname <> all (${columns_of_then})
       order by a.attnum
    loop
      execute format('select count(*), string_agg(k.key, '', '' order by k.key) filter (where k.n <= 20)
                        from (select x.key, row_number() over (order by x.key) as n from pgfold.crosswalk x join %s %I on %I.%I::text = x.target_id
                               where x.run = %s and x.outcome = ''inserted'' and x.undone is not true and %s
                                 and %I.%I::text is distinct from (%s)::text) k',
                     ${target_literal}, ${alias_literal}, ${alias_literal}, ${id_literal}, ${run}, ${picked_literal}, ${alias_literal}, pgfold_row.attname, pgfold_row.otherwise)
        into pgfold_n, pgfold_text;
      if pgfold_n > 0 then
        raise exception '% rows hold values in the column %, which came since the run: %', pgfold_n, pgfold_row.attname, pgfold_text
          using errcode = 'P0004', hint = format('keep them with level rows, or discard the values: pgfold rollback --run %s --level %s --discard-edits --execute', ${run}, pgfold_level);
      end if;
    end loop;
  end if;

  if exists (select from pgfold.step where run = ${run} and step = ${step} and state in ('running', 'done', 'failed')) then
${held}${rows_first}${first}    for pgfold_row in select object, place, definition from pgfold.object_image where run = ${run} and step = ${step} and not object = any (pgfold_kept) order by object loop
      pgfold_again := '{}';
      if pgfold_row.object like 'view %' then
        for pgfold_view in
          with recursive above (oid, depth) as (
            select to_regclass(pgfold_row.place)::oid, 0
            union all
            select w.ev_class, a.depth + 1 from above a
              join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = a.oid and d.classid = 'pg_rewrite'::regclass
              join pg_rewrite w on w.oid = d.objid and w.ev_class <> a.oid
             where a.depth < 50
          )
          select c.oid::regclass as name, c.relkind, max(a.depth) as depth,
                 ${view} as definition
            from above a join pg_class c on c.oid = a.oid join pg_namespace n on n.oid = c.relnamespace
           where c.relkind in ('v', 'm') group by c.oid, n.oid order by 3 desc
        loop
          execute format('drop %s view %s', case when pgfold_view.relkind = 'm' then 'materialized' else '' end, pgfold_view.name);
          if pgfold_view.depth > 0 then
            pgfold_again := array_prepend(pgfold_view.definition, pgfold_again);
          end if;
        end loop;
      end if;
      execute pgfold_row.definition;
      foreach pgfold_text in array pgfold_again loop
        begin
          execute pgfold_text;
        exception when undefined_column or undefined_table then
          -- it shows what goes
          if pgfold_cascade = '' then
            raise;
          end if;
          raise warning 'discarded, too: %', split_part(pgfold_text, ' as ', 1);
        end;
      end loop;
    end loop;
${last}${rows_last}  end if;

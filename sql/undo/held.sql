    -- what a column or table holds besides what the run put there belongs to somebody
    if not pgfold_discard and to_regclass(${table_literal}) is not null and (${column_literal} = '' or exists (
      select from pg_attribute a where a.attrelid = to_regclass(${table_literal}) and a.attname = ${column_literal} and not a.attisdropped)) then
      select coalesce(sum(now.n - coalesce(p.rows, 0)), 0) into pgfold_n
        from (select ${hash} as hash, count(*) as n from ${table} pgfold_t where ${foreign} group by 1) now
        left join pgfold.put_value p on p.run = ${run} and p.step = ${step} and p.place = ${place} and p.hash = now.hash
       where now.n > coalesce(p.rows, 0);
      if pgfold_n > 0 then
        raise exception '% values of % were not put there by the run', pgfold_n, ${place}
          using errcode = 'P0004', hint = format('keep them with level rows or purge, or discard them: pgfold rollback --run %s --level %s --discard-edits --execute', ${run}, pgfold_level);
      end if;
    end if;

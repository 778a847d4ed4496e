    -- what a column or table holds besides what the run put there belongs to somebody
    if not pgfold_discard and to_regclass(${table_literal}) is not null and (${column_literal} = '' or exists (
      select from pg_attribute a where a.attrelid = to_regclass(${table_literal}) and a.attname = ${column_literal} and not a.attisdropped)) then
      select coalesce(sum(now.n - coalesce(p.rows, 0)), 0) into pgfold_n
        from (select ${hash} as hash, count(*) as n from ${table} pgfold_t where ${foreign} group by 1) now
        left join pgfold.put_value p on p.run = ${run} and p.step = ${step} and p.place = ${place} and p.hash = now.hash
       where now.n > coalesce(p.rows, 0);
      if pgfold_n > 0 and current_setting('pgfold.keep_later_changes', true) is not distinct from 'on' then
        raise warning '% stays: % values of it were not put there by the run', ${place}, pgfold_n;
        pgfold_effect := pgfold_effect || jsonb_build_object('later_changes_kept', coalesce((pgfold_effect ->> 'later_changes_kept')::bigint, 0) + 1);
        pgfold_kept := pgfold_kept || ${object}::text;
${needs}      elsif pgfold_n > 0 and current_setting('pgfold.discard_later_changes', true) is not distinct from 'on' then
        raise warning '% values of % are discarded', pgfold_n, ${place};
      elsif pgfold_n > 0 then
        raise exception '% values of % were not put there by the run', pgfold_n, ${place}
          using errcode = 'P0004', hint = format('keep them: pgfold rollback --run %s --level %s --keep-later-changes --execute; or discard them: --discard-edits', ${run}, pgfold_level);
      end if;
    end if;

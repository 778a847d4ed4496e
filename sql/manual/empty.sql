  if exists (select from pgfold.run where consolidation = ${consolidation} and state not in ('completed', 'rolled back')) then
    raise exception 'a run of this consolidation is open' using errcode = 'P0004', hint = '`pgfold status` shows it';
  end if;
  if (select coalesce(max(run), 0) + 1 from pgfold.run) <> ${run} then
    raise exception 'the ledger''s next run is not %: another was opened since the files were written', ${run}
      using errcode = 'P0004', hint = '`pgfold apply --manual` writes them anew';
  end if;
  execute ${columns} into pgfold_text using ${tables};
  if pgfold_text is distinct from ${hash} then
    raise exception 'columns of the tables have changed since the files were written'
      using errcode = 'P0004', hint = '`pgfold apply --manual` writes them anew';
  end if;

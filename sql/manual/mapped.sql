  if pgfold_n <> ${expected} then
    raise exception '% mappings were written, decided were %', pgfold_n, ${expected} using errcode = 'P0004';
  end if;
  if pgfold_n > 0 then
    execute ${changed} using ${run}::bigint;
  end if;

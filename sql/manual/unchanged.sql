  execute ${subjects} into pgfold_row using null::text, null::text;
  if pgfold_row.rows <> ${rows} or pgfold_row.hash <> ${hash} then
    raise exception 'rows have changed since it was decided what they are mapped to'
      using errcode = 'P0004', hint = '`pgfold resume --manual` decides and writes this file anew';
  end if;

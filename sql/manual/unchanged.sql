  execute ${subjects} into pgfold_row using null::text, 9223372036854775807::bigint;
  if pgfold_row.rows <> ${rows} or pgfold_row.hash <> ${hash} then
    raise exception 'rows have changed since it was decided what they are mapped to'
      using errcode = 'P0004', hint = '`pgfold resume --manual` decides and writes this file anew';
  end if;

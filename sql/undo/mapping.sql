  if to_regclass(${table}) is not null and exists (select from pgfold.step where run = ${run} and step = ${step} and state in ('running', 'done')) then
    ${undo};
    get diagnostics pgfold_n = row_count;
  end if;

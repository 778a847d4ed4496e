  if exists (select from pgfold.step where run = ${run} and step = ${step} and state in ('running', 'done')) then
${statements}    for pgfold_row in select definition from pgfold.object_image where run = ${run} and step = ${step} order by object loop
      execute pgfold_row.definition;
    end loop;
  end if;

  if exists (select from pgfold.step where run = ${run} and step = ${step} and state in ('running', 'done')) then
${off}    update ${target} ${alias} set ${key} = null from pgfold.before_image b
     where b.run = ${run} and b.step = ${step} and ${alias}.${id} = b.id::${id_type};
${on}  end if;

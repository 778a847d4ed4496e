  if current_database() <> ${database} then
    raise exception 'this is another database than the one that the files were written for' using errcode = 'P0004';
  end if;
  if ${system} <> '' and has_function_privilege('pg_catalog.pg_control_system()', 'execute')
     and (select system_identifier::text from pg_catalog.pg_control_system()) <> ${system} then
    raise exception 'this is another server than the one that the files were written for' using errcode = 'P0004';
  end if;

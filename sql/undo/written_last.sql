    if pgfold_rows_last then
${written}
    end if;

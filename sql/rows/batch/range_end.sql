-- one value: an end of a range, quoted as the server quotes it
(select case when pgfold_e ~ '[][(),"\\[:space:]]' or pgfold_e = '' then '"' || replace(replace(pgfold_e, '\', '\\'), '"', '""') || '"' else pgfold_e end
   from (select ${end} as pgfold_e) pgfold_e)

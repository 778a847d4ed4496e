    -- rows before objects; where a constraint of the enhancement is in their way, after its objects are gone
    pgfold_rows_last := false;
    begin
${written}
    exception when integrity_constraint_violation then
      pgfold_rows_last := true;
    end;

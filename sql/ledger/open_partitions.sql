create table pgfold.crosswalk_${run} partition of pgfold.crosswalk for values in (${run});
create table pgfold.existing_row_${run} partition of pgfold.existing_row for values in (${run});

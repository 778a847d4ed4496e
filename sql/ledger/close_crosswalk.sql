create unique index if not exists crosswalk_${run}_key on pgfold.crosswalk_${run} (source, id);
analyze pgfold.crosswalk_${run};

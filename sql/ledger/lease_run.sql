-- one row: the run that was opened under this epoch
select run from pgfold.lease where consolidation = $1 and epoch = $2::bigint

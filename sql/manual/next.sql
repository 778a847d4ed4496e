-- one number: the run that would be opened next
select coalesce(max(run), 0) + 1 as run from pgfold.run

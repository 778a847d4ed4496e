-- one row: whether the owner is known by its beats
select beat_at is not null as beats from pgfold.lease where consolidation = $1

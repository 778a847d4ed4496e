-- one value: what the last rollback of the run $1 did
select coalesce(undone_effect, '{}') || jsonb_build_object('state', state) as effect from pgfold.run where run = $1::bigint

-- one row: the plan of the run $1
select plan as "plan", plan_digest, folder, state, consolidation, ledger_version from pgfold.run where run = $1::bigint

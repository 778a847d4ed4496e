-- a row is a target row that was there before the run
insert into pgfold.existing_row (run, id, hash)
select $1::bigint, ${alias}.${id}::text, ${hash} from ${target} ${alias}

-- a row is a row of a table that an enhancement may write to, as it was
insert into pgfold.written_row (run, step, table_name, id, columns)
select $1::bigint, $2::bigint, ${place}, ${id}, ${image} from only ${table} pgfold_t

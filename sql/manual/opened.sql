-- a sequence does not come back with a rollback: the last statement before commit
do $pgfold$
begin
  perform setval(pg_get_serial_sequence('pgfold.run', 'run'), ${run});
end
$pgfold$;
commit;
select run, consolidation, state, folder from pgfold.run where run = ${run};

-- the last statement before commit, because a sequence does not come back with a rollback
do $pgfold$
declare
  pgfold_row record;
  pgfold_any boolean;
begin
  for pgfold_row in
    select distinct d.refobjid::regclass as owner
      from pgfold.sequence_state s join pgfold.run r using (run)
      join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = to_regclass(s.sequence) and d.refobjsubid > 0 and d.deptype in ('a', 'i')
     where s.run = ${run} and r.undone_level = 'schema' and r.undone_at >= transaction_timestamp()
       and s.after_value = pg_sequence_last_value(to_regclass(s.sequence)) and (not s.before_called or s.after_value <> s.before_value)
     order by 1
  loop
    execute format('lock table %s in access exclusive mode', pgfold_row.owner);
  end loop;
  for pgfold_row in
    select s.*, d.refobjid::regclass as owner, a.attname as owned,
           s.after_value = pg_sequence_last_value(to_regclass(s.sequence))
           and not exists (select from pgfold.run later join pgfold.sequence_state l on l.run = later.run
                            where l.run > s.run and l.sequence = s.sequence and later.changed and later.undone_level is null) as untouched
      from pgfold.sequence_state s join pgfold.run r using (run)
      left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = to_regclass(s.sequence) and d.refobjsubid > 0 and d.deptype in ('a', 'i')
      left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
     where s.run = ${run} and r.undone_level = 'schema' and r.undone_at >= transaction_timestamp() and to_regclass(s.sequence) is not null
       and (pg_sequence_last_value(to_regclass(s.sequence)) is distinct from case when s.before_called then s.before_value end)
  loop
    pgfold_any := false;
    if pgfold_row.owner is not null then
      execute format('select exists (select from %s where %I > %s or %I = %s and not %L::boolean)', pgfold_row.owner, pgfold_row.owned,
        pgfold_row.before_value, pgfold_row.owned, pgfold_row.before_value, pgfold_row.before_called) into pgfold_any;
    end if;
    if pgfold_row.untouched is true and not pgfold_any then
      perform setval(to_regclass(pgfold_row.sequence), pgfold_row.before_value, pgfold_row.before_called);
    else
      raise warning 'sequence % stays where it is: it was used since the run', pgfold_row.sequence;
    end if;
  end loop;
end
$pgfold$;

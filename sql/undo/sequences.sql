-- the last statement before commit, because a sequence does not come back with a rollback
do $pgfold$
declare
  pgfold_row record;
  pgfold_fed record;
  pgfold_any boolean;
  pgfold_one boolean;
begin
  for pgfold_row in
    select distinct f.owner
      from pgfold.sequence_state s join pgfold.run r using (run)
      cross join lateral (
        select d.refobjid::regclass as owner from pg_depend d
         where d.classid = 'pg_class'::regclass and d.objid = to_regclass(s.sequence) and d.refobjsubid > 0 and d.deptype in ('a', 'i')
        union
        select ad.adrelid::regclass from pg_depend d join pg_attrdef ad on ad.oid = d.objid
         where d.classid = 'pg_attrdef'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = to_regclass(s.sequence)) f
     where s.run = ${run} and r.undone_level = 'schema' and r.undone_at >= transaction_timestamp()
       and s.after_value = pg_sequence_last_value(to_regclass(s.sequence)) and (not s.before_called or s.after_value <> s.before_value)
     order by 1
  loop
    execute format('lock table %s in access exclusive mode', pgfold_row.owner);
  end loop;
  for pgfold_row in
    select s.*, q.seqincrement > 0 as up,
           s.after_value = pg_sequence_last_value(to_regclass(s.sequence))
           and not exists (select from pgfold.run later join pgfold.sequence_state l on l.run = later.run
                            where l.run > s.run and l.sequence = s.sequence and later.changed and later.undone_level is null) as untouched
      from pgfold.sequence_state s join pgfold.run r using (run)
      join pg_sequence q on q.seqrelid = to_regclass(s.sequence)
     where s.run = ${run} and r.undone_level = 'schema' and r.undone_at >= transaction_timestamp()
       and (pg_sequence_last_value(to_regclass(s.sequence)) is distinct from case when s.before_called then s.before_value end)
  loop
    -- a number that the sequence gave out since and that somebody still has is never given out again
    pgfold_any := false;
    for pgfold_fed in
      select f.owner, a.attname as fed, y.typcategory = 'N' as number
        from (
          select d.refobjid::regclass as owner, d.refobjsubid as place from pg_depend d
           where d.classid = 'pg_class'::regclass and d.objid = to_regclass(pgfold_row.sequence) and d.refobjsubid > 0 and d.deptype in ('a', 'i')
          union
          select ad.adrelid::regclass, ad.adnum from pg_depend d join pg_attrdef ad on ad.oid = d.objid
           where d.classid = 'pg_attrdef'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = to_regclass(pgfold_row.sequence)) f
        join pg_attribute a on a.attrelid = f.owner and a.attnum = f.place join pg_type y on y.oid = a.atttypid
    loop
      if pgfold_fed.number then
        execute format('select exists (select from %s pgfold_t where pgfold_t.%I::numeric between %s and %s and not (pgfold_t.%I::numeric = %s and %L::boolean))',
          pgfold_fed.owner, pgfold_fed.fed, least(pgfold_row.before_value, pgfold_row.after_value), greatest(pgfold_row.before_value, pgfold_row.after_value),
          pgfold_fed.fed, pgfold_row.before_value, pgfold_row.before_called) into pgfold_one;
      else
        execute format('select exists (select from %s)', pgfold_fed.owner) into pgfold_one;
      end if;
      pgfold_any := pgfold_any or pgfold_one;
    end loop;
    if pgfold_row.untouched is true and not pgfold_any then
      perform setval(to_regclass(pgfold_row.sequence), pgfold_row.before_value, pgfold_row.before_called);
    else
      raise warning 'sequence % stays where it is: it was used since the run', pgfold_row.sequence;
    end if;
  end loop;
end
$pgfold$;

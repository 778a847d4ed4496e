create table pgfold.crosswalk_${run} partition of pgfold.crosswalk for values in (${run});
create table pgfold.existing_row_${run} partition of pgfold.existing_row for values in (${run});
do $pgfold$
declare
  c record;
begin
  -- a run that was rolled back before its end left its crosswalk without the index by which rows are found
  for c in
    select r.run from pgfold.run r join pgfold.run o on o.consolidation = r.consolidation
     where o.run = ${run} and r.run < o.run and to_regclass('pgfold.crosswalk_' || r.run) is not null
       and to_regclass('pgfold.crosswalk_' || r.run || '_key') is null
  loop
    execute format('create unique index %I on pgfold.%I (source, id)', 'crosswalk_' || c.run || '_key', 'crosswalk_' || c.run);
  end loop;
  -- a partition is read by people, too
  for c in
    select i.inhrelid::regclass as place, a.attname as col, col_description(i.inhparent, p.attnum) as words,
           obj_description(i.inhparent, 'pg_class') as whole, a.attnum = min(a.attnum) over (partition by i.inhrelid) as once
      from pg_inherits i
      join pg_attribute a on a.attrelid = i.inhrelid and a.attnum > 0 and not a.attisdropped
      join pg_attribute p on p.attrelid = i.inhparent and p.attname = a.attname
     where i.inhrelid in ('pgfold.crosswalk_${run}'::regclass, 'pgfold.existing_row_${run}'::regclass)
  loop
    if c.once then
      execute format('comment on table %s is %L', c.place, c.whole);
    end if;
    execute format('comment on column %s.%I is %L', c.place, c.col, c.words);
  end loop;
end
$pgfold$;

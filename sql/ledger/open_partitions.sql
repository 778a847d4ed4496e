create table pgfold.crosswalk_${run} partition of pgfold.crosswalk for values in (${run});
create table pgfold.existing_row_${run} partition of pgfold.existing_row for values in (${run});
do $pgfold$
declare
  c record;
begin
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

-- version 6: every table of the ledger has a primary key; without one a publication for all tables refuses updates and deletes
do $pgfold$
declare
  c record;
begin
  -- the key takes the place of the index by which rows were found
  for c in
    select format('%I.%I', n.nspname, k.relname) as name
      from pg_inherits i join pg_index x on x.indrelid = i.inhrelid
      join pg_class k on k.oid = x.indexrelid join pg_namespace n on n.oid = k.relnamespace
     where i.inhparent = 'pgfold.crosswalk'::regclass and k.relname ~ '^crosswalk_[0-9]+_key$'
  loop
    execute format('drop index %s', c.name);
  end loop;
end
$pgfold$;
alter table pgfold.crosswalk add primary key (run, source, id);
alter table pgfold.existing_row add primary key (run, id);
alter table pgfold.reject add column n bigint generated always as identity primary key;
alter table pgfold.before_image add column n bigint generated always as identity primary key;
alter table pgfold.put_value add column n bigint generated always as identity primary key;
alter table pgfold.mapped add column n bigint generated always as identity primary key;
set constraints all immediate;

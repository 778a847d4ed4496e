do ${tag}
begin
  if current_database() <> ${database} then
    raise exception 'this is another database than that of the run' using errcode = 'P0004';
  end if;
  if ${system} <> '' and has_function_privilege('pg_catalog.pg_control_system()', 'execute')
     and (select system_identifier::text from pg_catalog.pg_control_system()) <> ${system} then
    raise exception 'this is another server than that of the run' using errcode = 'P0004';
  end if;
  if to_regclass('pgfold.run') is null or not exists (select from pgfold.run where run = ${run}) then
    raise exception 'the ledger does not know run %', ${run} using errcode = 'P0004';
  end if;
end
${tag};
do ${tag}
declare
  pgfold_level constant text := ${level};
  pgfold_rank constant int := array_position(array['rows', 'purge', 'schema'], pgfold_level);
  pgfold_part constant boolean := ${part};
  pgfold_discard constant boolean := current_setting('pgfold.discard_edits', true) is not distinct from 'on';
  pgfold_began constant timestamptz := clock_timestamp();
  pgfold_before int;
  pgfold_effect jsonb := '{}';
  pgfold_depth int;
  pgfold_n bigint;
  pgfold_m bigint;
  pgfold_text text;
  pgfold_row record;
  pgfold_view record;
  pgfold_again text[];
begin
  -- fences first: a batch that is under way is awaited, a later one finds its epoch gone
  update pgfold.worker set epoch = epoch + 1 where run = ${run};
  update pgfold.lease set epoch = epoch + 1 where run = ${run};
  select coalesce(array_position(array['rows', 'purge', 'schema'], undone_level), 0) into pgfold_before
    from pgfold.run where run = ${run} for update;
  if exists (select from pgfold.run where run = ${run} and cleaned_at is not null) then
    raise exception 'the before-images of run % were thrown away', ${run} using errcode = 'P0004', hint = 'restore a backup: pgfold restore';
  end if;
  if pgfold_before >= pgfold_rank then
    raise warning 'run % was taken back before; nothing to do', ${run};
    return;
  end if;
${body}
  pgfold_effect := pgfold_effect || jsonb_build_object('took_ms', round(extract(epoch from clock_timestamp() - pgfold_began) * 1000, 1));
  if pgfold_part then
    update pgfold.crosswalk x set undone = true
     where x.run = ${run} and x.outcome in ('inserted', 'merged') and x.undone is not true and ${picked};
    update pgfold.run set undone_part = true, undone_effect = pgfold_effect where run = ${run};
    return;
  end if;
  update pgfold.step set state = 'undone' where run = ${run} and state in ('done', 'running')
     and (pgfold_level = 'schema' or kind in ('move', 'map'));
  update pgfold.run set state = 'rolled back', undone_level = pgfold_level, undone_at = clock_timestamp(), undone_effect = pgfold_effect
   where run = ${run};
end
${tag};
select run, consolidation, state, undone_level as level, undone_at, undone_effect as effect from pgfold.run where run = ${run};

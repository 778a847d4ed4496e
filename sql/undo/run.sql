do ${tag}
begin
  if current_setting('pgfold.renamed', true) is not distinct from 'on' then
    null;
  elsif current_database() <> ${database} then
    raise exception 'the run was done in the database %, this is %', ${database}, current_database() using errcode = 'P0004',
      hint = format('if it was renamed since, or is a copy: pgfold rollback --run %s --level %s --renamed --execute', ${run}, ${level});
  elsif ${system} <> '' and has_function_privilege('pg_catalog.pg_control_system()', 'execute')
     and (select system_identifier::text from pg_catalog.pg_control_system()) <> ${system} then
    raise exception 'the run was done on another server' using errcode = 'P0004',
      hint = format('if the database came here since, or is a copy: pgfold rollback --run %s --level %s --renamed --execute', ${run}, ${level});
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
  pgfold_kept text[] := '{}';
  pgfold_there jsonb := '[]';
  pgfold_cascade text := '';
  pgfold_rows_last boolean;
  pgfold_flags text;
  pgfold_renamed constant jsonb := coalesce(nullif(current_setting('pgfold.renamed_columns', true), ''), '{}');
  pgfold_path constant text := current_setting('search_path');
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
  -- a column that was renamed since has its name of then until the rollback is done
  for pgfold_row in select key as name_then, value as name_now from jsonb_each_text(pgfold_renamed) loop
    select string_agg(w.wrong, '; ') into pgfold_text from (values
        (pgfold_row.name_then, format('the target still has a column %I', pgfold_row.name_then), true),
        (pgfold_row.name_now, format('the target has no column %I', pgfold_row.name_now), false)) w (name, wrong, there)
     where w.there = exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass(${target_literal}) and a.attname = w.name and a.attnum > 0 and not a.attisdropped);
    if pgfold_text is not null then
      raise exception 'nothing was renamed from % to %: %', pgfold_row.name_then, pgfold_row.name_now, pgfold_text
        using errcode = 'P0004', hint = format('say it as OLD=NEW: pgfold rollback --run %s --level %s --renamed OLD=NEW --execute', ${run}, pgfold_level);
    end if;
    execute format('alter table %s rename column %I to %I', ${target_literal}, pgfold_row.name_now, pgfold_row.name_then);
  end loop;
  select string_agg(format('%I', c), ', '), string_agg('--renamed ' || format(case when c || coalesce(l.now, '') ~ '^[[:alnum:]_]*$' then '%s=%s' else '''%s=%s''' end, c, coalesce(l.now, 'NEW')), ' ')
    into pgfold_text, pgfold_flags
    from unnest(${columns_of_before}) c
    -- the only one that was not there then
    left join (select min(a.attname) as now from pg_catalog.pg_attribute a
                where a.attrelid = to_regclass(${target_literal}) and a.attnum > 0 and not a.attisdropped and not a.attname = any (${columns_of_then})
               having count(*) = 1) l on true
   where to_regclass(${target_literal}) is not null
     and not exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass(${target_literal}) and a.attname = c and a.attnum > 0 and not a.attisdropped);
  if pgfold_text is not null then
    raise exception 'the target has no more, or under another name: %', pgfold_text
      using errcode = 'P0004', hint = format('if renamed: pgfold rollback --run %s --level %s %s --execute; if dropped, restore a backup', ${run}, pgfold_level, pgfold_flags);
  end if;
${body}
  for pgfold_row in select key as name_then, value as name_now from jsonb_each_text(pgfold_renamed) loop
    if exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass(${target_literal}) and a.attname = pgfold_row.name_then and not a.attisdropped) then
      execute format('alter table %s rename column %I to %I', ${target_literal}, pgfold_row.name_then, pgfold_row.name_now);
    end if;
  end loop;
  pgfold_effect := pgfold_effect || jsonb_build_object('took_ms', round(extract(epoch from clock_timestamp() - pgfold_began) * 1000, 1));
  if pgfold_part then
    update pgfold.crosswalk x set undone = true
     where (x.run = ${run} and x.outcome in ('inserted', 'merged') or x.run > ${run} and x.outcome = 'unchanged' and x.reason_code = 'earlier_run' and x.reason_detail = ${run}::text)
       and x.undone is not true and ${picked};
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

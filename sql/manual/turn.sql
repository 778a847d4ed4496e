  if to_regclass('pgfold.run') is null or not exists (select from pgfold.run where run = ${run}) then
    raise exception 'the ledger does not know run %: the files before this one come first', ${run} using errcode = 'P0004';
  end if;
  if not exists (select from pgfold.run where run = ${run} and plan_digest = ${digest} and way = 'manual') then
    raise exception 'run % is another one than these files were written for', ${run}
      using errcode = 'P0004', hint = '`pgfold apply --manual` writes them anew';
  end if;
  -- whoever works on the run waits here for the one before
  perform from pgfold.lease where consolidation = ${consolidation} for update;
  if exists (select from pgfold.lease l where l.consolidation = ${consolidation} and (l.beat_at > clock_timestamp() - interval '10 seconds'
       or exists (select from pg_stat_activity a where a.pid = l.backend and (a.backend_start is null or a.backend_start = l.backend_start)))) then
    raise exception 'pgfold itself is at work here' using errcode = 'P0004', hint = '`pgfold status` shows what it does';
  end if;
  perform from pgfold.worker w join pgfold.lease l on l.run = w.run and l.epoch = w.epoch
    where w.run = ${run} and w.worker = 1 for update of w;
  if not found then
    raise exception 'somebody took run % over', ${run} using errcode = 'P0004', hint = '`pgfold status` shows who; `pgfold resume` goes on';
  end if;
  select state into pgfold_text from pgfold.run where run = ${run};
  if pgfold_text in ('completed', 'validating', 'rolled back') then
    raise exception 'run % is %; there is nothing left to do', ${run}, pgfold_text using errcode = 'P0004';
  end if;
  if exists (select from pgfold.step where run = ${run} and step = ${step} and state = 'done') then
    raise exception 'step % is done already; go on with the next file', ${step} using errcode = 'P0004';
  end if;
  select s.step, s.intent into pgfold_row from pgfold.step s where s.run = ${run} and s.step < ${step} and s.state <> 'done' order by s.step limit 1;
  if found then
    raise exception 'step % comes first: %', pgfold_row.step, pgfold_row.intent using errcode = 'P0004';
  end if;

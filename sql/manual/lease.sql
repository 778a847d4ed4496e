  insert into pgfold.lease as l (consolidation, epoch, run, who, token) values (${consolidation}, 1, ${run}, session_user, 'by hand')
  on conflict (consolidation) do update
     set epoch = l.epoch + 1, run = ${run}, backend = null, backend_start = null, beat_at = null, who = session_user, token = 'by hand',
         taken_at = clock_timestamp()
   where (l.beat_at is null or l.beat_at < clock_timestamp() - interval '10 seconds') and not exists (
     select from pg_stat_activity a where a.pid = l.backend and (a.backend_start is null or a.backend_start = l.backend_start));
  if not found then
    raise exception 'pgfold itself is at work here' using errcode = 'P0004', hint = '`pgfold status` shows what it does';
  end if;
  insert into pgfold.worker (run, worker, epoch) select ${run}, 1, epoch from pgfold.lease where consolidation = ${consolidation};

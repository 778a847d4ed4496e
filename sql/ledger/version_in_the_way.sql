-- a row is a run that an upgrade of the ledger would disturb: its operator is at work, or it is unfinished
select r.run, r.consolidation, r.tool_version, r.at_work
  from (
    select r.run, r.consolidation, r.tool_version,
           r.changed and r.undone_level is null and r.state not in ('completed', 'validating', 'rolled back') as unfinished,
           exists (select from pgfold.lease l where l.run = r.run
              and (l.backend is null and l.beat_at >= clock_timestamp() - interval '10 seconds'
                   or l.backend is not null and exists (select from pg_stat_activity a where a.pid = l.backend
                        and (a.backend_start is null or a.backend_start = l.backend_start)))) as at_work
      from pgfold.run r) r
 where r.unfinished or r.at_work
 order by r.run desc

-- a row is a kind of wait, with how many sessions of pgfold's operator wait so now; $1 is the operator's main session
select case when a.wait_event_type = 'Lock' then 'lock waits'
            when a.wait_event ~* '^wal' then 'wal' else 'files' end as part, count(*) as sessions
  from pg_stat_activity a join pg_stat_activity main on main.pid = $1
 where a.datid = main.datid and a.usesysid = main.usesysid and a.application_name = main.application_name and a.pid <> pg_backend_pid()
   and a.state = 'active' and (a.wait_event_type in ('Lock', 'IO') or a.wait_event ~* '^wal')
 group by 1

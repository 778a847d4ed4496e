-- a row is our former server process $1, still there and told to end
select pg_terminate_backend(a.pid) as told
  from pg_stat_activity a
  join pg_stat_activity b on b.pid = pg_backend_pid() and a.backend_start < b.backend_start
 where a.pid = $1::bigint and a.usename = current_user and a.datname = current_database() and a.application_name = b.application_name

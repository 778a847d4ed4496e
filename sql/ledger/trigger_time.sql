-- one number: milliseconds that the functions of the triggers of $1 took so far; null where the server does not track functions
select case when current_setting('track_functions') <> 'none' then coalesce(sum(f.total_time), 0) end
  from pg_stat_user_functions f
 where f.funcid in (select t.tgfoid from pg_trigger t where not t.tgisinternal and t.tgrelid = to_regclass($1::text))

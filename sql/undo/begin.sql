-- Takes back what pgfold did. Needs nothing but psql; one transaction; safe to run again.
-- psql -X -v ON_ERROR_STOP=1 -f rollback.sql
set client_encoding = 'UTF8';
set standard_conforming_strings = on;
begin;
${settings}
set constraints all immediate;
-- the joins over a whole run stay in memory
do $pgfold$
begin
  perform set_config('work_mem', '128MB', true) where pg_size_bytes(current_setting('work_mem')) < pg_size_bytes('128MB');
end
$pgfold$;

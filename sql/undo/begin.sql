-- Takes back what pgfold did. Needs nothing but psql; one transaction; safe to run again.
-- psql -X -v ON_ERROR_STOP=1 -f rollback.sql
set client_encoding = 'UTF8';
set standard_conforming_strings = on;
begin;
${settings}
set constraints all immediate;

-- A part of a run that is done by hand: one transaction, refused when it is not its turn. The order is in README.md.
-- psql -X -v ON_ERROR_STOP=1 -f FILE
set client_encoding = 'UTF8';
set standard_conforming_strings = on;
begin;
${settings}

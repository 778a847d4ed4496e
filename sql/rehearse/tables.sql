-- a row is a table or view of the database that others can see, by its oid
select c.oid::bigint as oid from pg_class c where c.relkind in ('r', 'p', 'v', 'm')

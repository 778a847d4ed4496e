-- one row: the server, the database and who we are
select
  current_setting('server_version_num')::int as version,
  current_setting('server_version') as version_text,
  current_database()::text as database,
  case when has_function_privilege('pg_catalog.pg_control_system()', 'execute')
       then (select system_identifier::text from pg_catalog.pg_control_system()) end as system_identifier,
  current_user::text as "user",
  r.rolsuper as superuser,
  (r.rolbypassrls or r.rolsuper) as bypasses_rls,
  pg_is_in_recovery() as in_recovery,
  current_setting('default_transaction_read_only')::bool as read_only,
  current_setting('session_replication_role') as replication_role,
  pg_encoding_to_char(d.encoding)::text as encoding,
  (select coalesce(jsonb_agg(jsonb_build_array(n.nspname, c.relname) order by n.nspname, c.relname), '[]')
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'pgfold')) as known_tables,
  -- not by to_regclass, which raises where we may not look into the schema
  exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'pgfold' and c.relname = 'run'
            and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')) as has_ledger,
  (select jsonb_build_object('owner', pg_get_userbyid(n.nspowner), 'ours', pg_has_role(n.nspowner, 'usage'),
            'readable', has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select'))
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'pgfold' and c.relname = 'run') as ledger
from pg_roles r, pg_database d
where r.rolname = current_user and d.datname = current_database()

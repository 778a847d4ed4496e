-- one row: whether there is a ledger, whether it has a row for its version, and what we may do with it
select r.oid is not null as there,
       v.oid is not null as versioned,
       coalesce(pg_get_userbyid(n.nspowner), '') as owner,
       coalesce(pg_has_role(n.nspowner, 'usage'), false) as ours,
       coalesce(has_schema_privilege(n.oid, 'usage'), false) as readable,
       (pg_is_in_recovery() or current_setting('transaction_read_only')::bool) as read_only
  from (values (1)) one (n)
  left join pg_namespace n on n.nspname = 'pgfold'
  left join pg_class r on r.relnamespace = n.oid and r.relname = 'run'
  left join pg_class v on v.relnamespace = n.oid and v.relname = 'ledger_version'

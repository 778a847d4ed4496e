-- A ledger is for one database on one server: makes the one that was loaded here the ledger of this database.
update pgfold.run set database = current_database(),
  system_identifier = (select system_identifier::text from pg_control_system());
update pgfold.run set plan = jsonb_set(jsonb_set(plan, '{undo,database}', to_jsonb(database)),
  '{undo,system_identifier}', to_jsonb(system_identifier));

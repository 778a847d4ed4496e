-- one number: the run
insert into pgfold.run (consolidation, verb, state, tool_version, system_identifier, plan, plan_digest, client, ledger_version)
values ($1, $2, 'requested', $3, $4, $5::text::jsonb, $6, coalesce(inet_client_addr()::text, 'local'), (select max(v.version) from pgfold.ledger_version v))
returning run::text

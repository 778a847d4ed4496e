insert into pgfold.run (run, consolidation, verb, tool_version, system_identifier, plan, plan_digest, client, folder, ledger_version)
overriding system value
values (${run}, ${consolidation}, ${verb}, ${version}, nullif(${system}, ''), ${plan}::jsonb, ${digest}, coalesce(inet_client_addr()::text, 'local'), ${folder}, (select max(v.version) from pgfold.ledger_version v));

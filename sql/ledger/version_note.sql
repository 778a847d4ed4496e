-- the version that the ledger has now, unless it is noted
insert into pgfold.ledger_version (version, tool_version) values (${version}, ${tool}) on conflict (version) do nothing;

-- one row: the newest version that the ledger was brought to, and by which pgfold
select version, tool_version from pgfold.ledger_version order by version desc limit 1

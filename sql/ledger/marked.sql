-- a row is an enhancement that was marked as applied
select m.file, m.checksum, null as script, null::bigint as run from pgfold.marked m where m.consolidation = $1

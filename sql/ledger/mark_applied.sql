insert into pgfold.marked (consolidation, file, checksum, raw_checksum) values ($1, $2, $3, $4)
on conflict (consolidation, file) do update set checksum = excluded.checksum, raw_checksum = excluded.raw_checksum, at = clock_timestamp(), who = session_user

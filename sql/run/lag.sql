-- one number: bytes of log that the slowest replica or slot has not got yet
select greatest(
  (select max(pg_wal_lsn_diff(pg_current_wal_lsn(), r.replay_lsn)) from pg_stat_replication r),
  (select max(pg_wal_lsn_diff(pg_current_wal_lsn(), s.restart_lsn)) from pg_replication_slots s where s.active),
  0)::bigint as bytes

-- one row: what goes on around the target $1 and the sources $2
with tables as (
  select to_regclass(t)::oid as oid, t = $1 as is_target from unnest($2::text[] || $1) t where to_regclass(t) is not null
),
connections as (
${connections}
)
select
  exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'pgfold' and c.relname = 'run'
            and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')) as has_ledger,
  (select coalesce(jsonb_agg(format('server process %s (%s, user %s) has a transaction open for %s s', a.pid, coalesce(nullif(a.application_name, ''), '?'),
          a.usename, extract(epoch from clock_timestamp() - a.xact_start)::bigint)), '[]')
     from pg_stat_activity a where a.datname = current_database() and a.pid <> pg_backend_pid()
      and a.xact_start < clock_timestamp() - interval '1 minute') as long_transactions,
  (select coalesce(jsonb_agg(format('%s of %s refers to %s', k.conname, k.conrelid::regclass, k.confrelid::regclass) order by k.conname), '[]')
     from pg_constraint k join tables t on t.oid = k.confrelid and not t.is_target
    where k.contype = 'f' and k.conrelid <> k.confrelid) as references_to_sources,
  (select coalesce(jsonb_agg(i.indexrelid::regclass::text order by 1), '[]')
     from pg_index i join tables t on t.oid = i.indrelid where not i.indisvalid) as invalid_indexes,
  (select coalesce(jsonb_agg(format('%s on %s', g.tgname, g.tgrelid::regclass) order by g.tgname), '[]')
     from pg_trigger g join tables t on t.oid = g.tgrelid and not t.is_target where not g.tgisinternal) as source_triggers,
  (select coalesce(jsonb_agg(e.extname || ' ' || e.extversion order by e.extname), '[]') from pg_extension e) as extensions,
  (select c.free from connections c) as free_connections,
  (select c.of from connections c) as connection_limit,
  (select coalesce(jsonb_agg(format('prepared transaction %s of %s, prepared %s s ago, keeps its locks', quote_literal(x.gid), x.owner,
          extract(epoch from clock_timestamp() - x.prepared)::bigint) order by x.prepared), '[]')
     from pg_prepared_xacts x where x.database = current_database()) as prepared_transactions,
  (select coalesce(jsonb_agg(distinct format('%s is published with updates or deletes and has no replica identity', t.oid::regclass)), '[]')
     from tables t join pg_class c on c.oid = t.oid
    where t.is_target and c.relkind = 'r'
      and (c.relreplident = 'n' or c.relreplident = 'd' and not exists (select from pg_index i where i.indrelid = t.oid and i.indisprimary))
      and exists (select from pg_publication p where (p.pubupdate or p.pubdelete)
                    and (p.puballtables or exists (select from pg_publication_rel l where l.prpubid = p.oid and l.prrelid = t.oid)))) as unidentified,
  (select coalesce(sum(pg_total_relation_size(t.oid)), 0)::bigint from tables t where not t.is_target) as sources_bytes,
  (select s.setting from pg_settings s where s.name = 'data_directory') as data_directory,
  (inet_server_addr() is null or inet_server_addr() = inet_client_addr()) as is_local,
  (select coalesce(jsonb_agg(format('%s lags by %s bytes', r.application_name, pg_wal_lsn_diff(pg_current_wal_lsn(), r.replay_lsn))), '[]')
     from pg_stat_replication r where not pg_is_in_recovery() and r.replay_lsn is not null
      and pg_wal_lsn_diff(case when pg_is_in_recovery() then null else pg_current_wal_lsn() end, r.replay_lsn) > 64 * 1024 * 1024) as lagging_replicas,
  jsonb_build_object('synchronous_commit', current_setting('synchronous_commit'), 'lock_timeout', current_setting('lock_timeout'),
    'statement_timeout', current_setting('statement_timeout'), 'max_wal_size', current_setting('max_wal_size'),
    'autovacuum', current_setting('autovacuum')) as settings

-- one row: the run $1 as dashboards see it, with its folder
select m.run, m.consolidation, m.type, m.reference, m.state, m.requested_at::text as requested_at, m.finished_at::text as finished_at,
       m.duration_ms, m.estimated_duration_ms, m.who, m.operator, m.client, m.approval, m.plan_digest, m.tool_version, m.server_version,
       m.changed, m.steps, m.steps_done, m.estimated_rows, m.read, m.inserted, m.merged, m.duplicate, m.duplicate_in_source, m.filtered,
       m.rejected, m.unchanged, m.pending, m.success_rate, m.quality_score, m.estimated_complexity, m.complexity, m.validated,
       m.undone_level, m.undone_at::text as undone_at, m.error, r.folder, r.database, r.system_identifier,
       extract(epoch from m.requested_at)::double precision as requested_epoch,
       coalesce(r.dictionary, '[]') as dictionary
  from pgfold.migrations m join pgfold.run r using (run) where m.run = $1::bigint

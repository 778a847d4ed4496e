-- a row is a run of the consolidation $1 in figures, newest first; the first one stands for now
select run, type, state, extract(epoch from requested_at) as requested, duration_ms, read, inserted, merged, duplicate, duplicate_in_source,
       filtered, rejected, unchanged, pending, success_rate, quality_score, validated
  from pgfold.migrations where consolidation = $1 order by run desc limit 1

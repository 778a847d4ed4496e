-- a row is a run of the consolidation $1, newest first
select r.run, r.consolidation, r.verb, r.state, r.requested_at::text as requested_at, r.finished_at::text as finished_at, r.who, r.tool_version, r.folder, r.changed, r.validated,
       r.error, r.failure_class, r.undone_level, extract(epoch from coalesce(r.finished_at, clock_timestamp()) - r.requested_at) * 1000 as took_ms,
       -- what changed nothing is no more once the run it found is taken back, or once another began where it stopped
       not r.changed and r.undone_level is null and exists (
         select from pgfold.run o where o.consolidation = r.consolidation
            and (o.run < r.run and o.undone_at > r.requested_at or o.run > r.run and r.state not in ('completed', 'validating'))) as superseded,
       r.cleaned_at is not null as cleaned,
       r.way is not null and r.undone_level is null and not exists (
         select from pgfold.gate g where g.run = r.run and g.gate = 'MIG-6' and g.answer = 'approve') as at_gate,
       b.read, b.inserted, b.merged, b.duplicate, b.duplicate_in_source, b.filtered, b.rejected, b.unchanged, b.pending
  from pgfold.run r
  left join lateral (select sum(read) as read, sum(inserted) as inserted, sum(merged) as merged, sum(duplicate) as duplicate,
       sum(duplicate_in_source) as duplicate_in_source, sum(filtered) as filtered, sum(rejected) as rejected, sum(unchanged) as unchanged,
       sum(pending) as pending from pgfold.batch b where b.run = r.run and b.committed_at is not null) b on true
 where $1::text is null or r.consolidation = $1 order by r.run desc

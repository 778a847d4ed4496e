-- a row is a run of the consolidation $1 whose before-images are older than $2 seconds and whose rollback window of $3 seconds is over
select r.run from pgfold.run r
 where r.consolidation = $1 and r.cleaned_at is null and r.finished_at is not null
   and r.finished_at < clock_timestamp() - $2::bigint * interval '1 second'
   and (r.undone_level = 'schema' or r.finished_at < clock_timestamp() - $3::bigint * interval '1 second')
   and (exists (select from pgfold.before_image b where b.run = r.run) or exists (select from pgfold.object_image o where o.run = r.run)
     or exists (select from pgfold.put_value p where p.run = r.run) or exists (select from pgfold.written_row w where w.run = r.run))
 order by r.run

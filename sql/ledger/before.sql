-- one row: runs of the consolidation $1 that stand, and those that were rolled back (0 for one that was in part)
select coalesce(jsonb_agg(run order by run) filter (where undone_level is null), '[]') as standing,
       coalesce(jsonb_agg(case when undone_level is null then 0 else run end order by run) filter (where undone_level is not null or undone_part), '[]') as undone
  from pgfold.run where consolidation = $1 and exists (select from pgfold.batch b where b.run = run.run and b.committed_at is not null)

-- one row: runs of the consolidation $1 that stand, and those that were rolled back (0 for one that was in part)
select coalesce(jsonb_agg(run order by run) filter (where undone_level is null and not superseded), '[]') as standing,
       coalesce(jsonb_agg(case when undone_level is null then 0 else run end order by run) filter (where undone_level is not null or undone_part), '[]') as undone,
       coalesce((select jsonb_agg(jsonb_build_array(h.run, h.plan -> 'hashed')) from pgfold.run h where h.consolidation = $1 and h.plan ? 'hashed'), '[]') as hashed
  from (
    select r.run, r.undone_level, r.undone_part, not r.changed and exists (
             select from pgfold.run o where o.consolidation = r.consolidation and o.run < r.run and o.undone_at > r.requested_at) as superseded
      from pgfold.run r where r.consolidation = $1 and exists (select from pgfold.batch b where b.run = r.run and b.committed_at is not null)
  ) r

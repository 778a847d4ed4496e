-- a row is a run of the consolidation $1 that changed something and is not wholly taken back, newest first; the window is $2 seconds
select r.run, r.verb, r.state, r.undone_level, r.undone_part, r.folder, r.cleaned_at::text as cleaned_at, r.rehearsed, r.digest,
       to_char(coalesce(r.finished_at, r.requested_at) + $2::bigint * interval '1 second', 'YYYY-MM-DD HH24:MI TZ') as until,
       coalesce(r.finished_at, r.requested_at) + $2::bigint * interval '1 second' > clock_timestamp() as open,
       (select count(*) from pgfold.crosswalk x where x.run = r.run and x.outcome = 'inserted') as inserted,
       (select count(*) from pgfold.crosswalk x where x.run = r.run and x.outcome = 'merged') as merged,
       (select count(*) from pgfold.mapped m where m.run = r.run and m.is_new) as mappings,
       (select coalesce(jsonb_agg(l.run order by l.run), '[]') from pgfold.run l
         where l.consolidation = r.consolidation and l.run > r.run and l.changed and l.undone_level is null) as later
  from pgfold.run r where r.consolidation = $1 and r.changed and r.undone_level is distinct from 'schema' order by r.run desc

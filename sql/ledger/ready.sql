-- a row is a run of the consolidation $1 that changed something and is not wholly taken back, newest first; the window is $2 seconds
select r.run, r.verb, r.state, r.undone_level, r.undone_part, r.folder, r.cleaned_at::text as cleaned_at, r.rehearsed, r.digest,
       to_char(coalesce(r.finished_at, r.requested_at) + $2::bigint * interval '1 second', 'YYYY-MM-DD HH24:MI TZ') as until,
       coalesce(r.finished_at, r.requested_at) + $2::bigint * interval '1 second' > clock_timestamp() as open,
       (select count(*) from pgfold.crosswalk x where x.run = r.run and x.outcome = 'inserted') as inserted,
       (select count(*) from pgfold.crosswalk x where x.run = r.run and x.outcome = 'merged') as merged,
       (select count(*) from pgfold.mapped m where m.run = r.run and m.is_new) as mappings,
       (select coalesce(jsonb_agg(l.run order by l.run), '[]') from pgfold.run l
         where l.consolidation = r.consolidation and l.run > r.run and l.changed and l.undone_level is null) as later,
       (select coalesce(jsonb_agg(c.name order by c.name), '[]') from jsonb_array_elements_text(case when jsonb_typeof(r.plan #> '{hashed,existing}') = 'array' then r.plan #> '{hashed,existing}' else '[]' end) c(name)
         join lateral (select to_regclass(format('%I.%I', r.plan #>> '{target,schema}', r.plan #>> '{target,name}')) as relid) t on t.relid is not null
         where not exists (select from pg_attribute a where a.attrelid = t.relid and a.attname = c.name and a.attnum > 0 and not a.attisdropped)) as lost_columns
  from pgfold.run r where r.consolidation = $1 and r.changed and r.undone_level is distinct from 'schema' order by r.run desc

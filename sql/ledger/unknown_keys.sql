-- a row is a key among $2 that no inserted or merged row of the runs $1 has
select k as name from unnest($2::text[]) k where not exists (
  select from pgfold.crosswalk x where x.run = any ($1::text[]::bigint[]) and x.key = k and x.outcome in ('inserted', 'merged'))

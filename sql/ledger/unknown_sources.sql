-- a row is a source among $2 that the runs $1 did not read
select s as name from unnest($2::text[]) s where not exists (
  select from pgfold.batch b where b.run = any ($1::text[]::bigint[]) and b.source = s)

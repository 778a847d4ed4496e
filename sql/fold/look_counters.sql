-- a row is a column with how often rows that arrive took its default or lost precision
${contest}
select x.kind, x."column", count(*) as rows
  from (
${classified}
  ) c cross join lateral (
    select 'default' as kind, d as "column" from unnest(c.pgfold_defaulted) d
    union all select 'loss', d from unnest(c.pgfold_lossy) d) x
 where c.pgfold_outcome in ('inserted', 'merged', 'settled')
 group by 1, 2

-- a row is an outcome of this source with its reason, the columns that took a default or lost precision, and how many rows have it
${contest}
select g.outcome, g.reason, to_jsonb(g.defaulted) as defaulted, to_jsonb(g.lossy) as lossy,
       count(*) as rows, min(g.id) as example, sum(g.forced) as looked
  from (
    -- nothing wide goes on from here
    select c.pgfold_outcome as outcome, c.pgfold_reason as reason, c.pgfold_defaulted as defaulted, c.pgfold_lossy as lossy,
           c.pgfold_id as id, ${forced} as forced
      from (
${classified}
      ) c
    offset 0
  ) g group by g.outcome, g.reason, g.defaulted, g.lossy
union all
select 'filtered', 'where', null, null, count(*), min(${id}), 0 from ${source} as ${alias} where (${range}) and not coalesce(${filter}, false) having count(*) > 0

-- a row is an outcome of this source with its reason and how many rows have it
${contest}
select c.pgfold_outcome as outcome, c.pgfold_reason as reason, count(*) as rows
  from (
${classified}
  ) c group by 1, 2
union all
select 'filtered', 'where', count(*) from ${source} as ${alias} where (${range}) and not coalesce(${filter}, false) having count(*) > 0

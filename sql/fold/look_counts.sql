-- a row is an outcome of this source with its reason, the columns that took a default or lost precision, and how many rows have it
${contest}
select c.pgfold_outcome as outcome, c.pgfold_reason as reason, to_jsonb(c.pgfold_defaulted) as defaulted, to_jsonb(c.pgfold_lossy) as lossy,
       count(*) as rows, min(c.pgfold_id) as example, sum(${forced}) as looked
  from (
${classified}
  ) c group by 1, 2, 3, 4
union all
select 'filtered', 'where', null, null, count(*), min(${id}), 0 from ${source} as ${alias} where (${range}) and not coalesce(${filter}, false) having count(*) > 0

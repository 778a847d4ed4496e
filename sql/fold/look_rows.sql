-- a row is a source row and what becomes of it
${contest}
select c.pgfold_id as id, c.pgfold_key as key, c.pgfold_outcome as outcome, c.pgfold_reason as reason,
       case when c.pgfold_outcome = 'duplicate_in_source' then c.pgfold_winner_source || ' ' || c.pgfold_winner end as winner,
       coalesce(c.pgfold_held, case when c.pgfold_outcome = 'duplicate' and c.pgfold_reason like 'alike %' then substr(c.pgfold_reason, 7) end) as target_id, to_jsonb(c.pgfold_defaulted) as defaulted, to_jsonb(c.pgfold_lossy) as lossy
  from (
${classified}
  ) c
union all
select ${id}, null, 'filtered', 'where', null, null, null, null
  from ${source} as ${alias} where (${range}) and not coalesce(${filter}, false)

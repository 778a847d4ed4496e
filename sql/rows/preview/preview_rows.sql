-- a row is a source row and what becomes of it
${contest}
select c.pgfold_id as id, c.pgfold_key as key, c.pgfold_outcome as outcome,
       case split_part(c.pgfold_reason, ' ', 1) when 'earlier_run' then 'run ' || substr(c.pgfold_reason, 13)
       when 'changed_since_run' then 'changed since run ' || substr(c.pgfold_reason, 19)
       when 'changed_and_edited' then 'changed since run ' || substr(c.pgfold_reason, 20) || ', edited in the target'
       when 'secondary_key' then 'alike ' || substr(c.pgfold_reason, 15) when 'secondary_key_not_live' then 'alike ' || substr(c.pgfold_reason, 24) || ', not live'
       when 'key_not_live' then 'key of a row that is not live' when 'revived_existing' then 'revived a row that was not live'
       when 'deleted_since' then 'moved by run ' || substr(c.pgfold_reason, 15) || ' and deleted since' when 'left_out' then 'left out' else c.pgfold_reason end as reason,
       split_part(c.pgfold_reason, ' ', 1) as reason_code,
       case when c.pgfold_outcome = 'duplicate_in_source' then c.pgfold_winner_source || ' ' || c.pgfold_winner end as winner,
       coalesce(c.pgfold_held, case when c.pgfold_outcome = 'duplicate' and split_part(c.pgfold_reason, ' ', 1) in ('secondary_key', 'secondary_key_not_live') then substr(c.pgfold_reason, length(split_part(c.pgfold_reason, ' ', 1)) + 2) end) as target_id, to_jsonb(c.pgfold_defaulted) as defaulted, to_jsonb(c.pgfold_lossy) as lossy
  from (
${classified}
  ) c
union all
select ${id}, null, 'filtered', 'where', 'where', null, null, null, null
  from ${source} as ${alias} where (${range}) and not coalesce(${filter}, false)

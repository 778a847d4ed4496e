-- a row is an outcome of this source with its reason, the columns that took a default or lost precision, and how many rows have it
${contest}
select g.outcome,
       case split_part(g.reason, ' ', 1) when 'earlier_run' then 'run ' || substr(g.reason, 13)
       when 'changed_since_run' then 'changed since run ' || substr(g.reason, 19)
       when 'changed_and_edited' then 'changed since run ' || substr(g.reason, 20) || ', edited in the target'
       when 'secondary_key' then 'alike ' || substr(g.reason, 15) when 'secondary_key_not_live' then 'alike ' || substr(g.reason, 24) || ', not live'
       when 'key_not_live' then 'key of a row that is not live' when 'revived_existing' then 'revived a row that was not live'
       when 'deleted_since' then 'moved by run ' || substr(g.reason, 15) || ' and deleted since' when 'left_out' then 'left out' else g.reason end as reason,
       split_part(g.reason, ' ', 1) as reason_code, to_jsonb(g.defaulted) as defaulted, to_jsonb(g.lossy) as lossy,
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
select 'filtered', 'where', 'where', null, null, count(*), min(${id}), 0 from ${source} as ${alias} where (${range}) and not coalesce(${filter}, false) having count(*) > 0

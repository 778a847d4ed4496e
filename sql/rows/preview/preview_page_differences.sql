union all
select 'difference', to_jsonb(pgfold_g) from (
  select * from (
${apart}
  ) pgfold_d limit $7::bigint
) pgfold_g

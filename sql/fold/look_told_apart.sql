union all
select 'difference', to_jsonb(pgfold_g) from (
  select * from (
    select c.pgfold_id as id, c.pgfold_key as key, pgfold_k.pgfold_outcome as outcome, 'target ' || pgfold_k.pgfold_held as holder,
           ${theirs} as there, ${ours} as incoming
      from pgfold_c pgfold_k join ${target} pgfold_t on pgfold_t.${target_id}::text = pgfold_k.pgfold_held
      cross join lateral (
${shaped}
      ) c
     where pgfold_k.pgfold_outcome in ('duplicate', 'merged') and (${bare_ours}) is distinct from (${bare_theirs})
    union all
    select c.pgfold_id, c.pgfold_key, pgfold_k.pgfold_outcome, pgfold_k.pgfold_winner_source || ' ' || pgfold_k.pgfold_winner, ${winners}, ${ours_of_winner}
      from pgfold_c pgfold_k join pgfold_c pgfold_l on pgfold_l.pgfold_id = pgfold_k.pgfold_winner
      cross join lateral (
${shaped}
      ) c
      cross join lateral (
${shaped_winner}
      ) pgfold_w
     where pgfold_k.pgfold_outcome = 'duplicate_in_source' and pgfold_k.pgfold_winner_source = ${source_name}
       and (${bare_ours}) is distinct from (${bare_winners})
  ) pgfold_d limit $7::bigint
) pgfold_g

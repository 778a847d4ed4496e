-- a row is a source row whose key the target, or a better row of this source, holds with other content, both as json
${contest},
pgfold_c as materialized (
${classified}
)
select c.pgfold_id as id, c.pgfold_key as key, c.pgfold_outcome as outcome, 'target ' || c.pgfold_held as holder,
       ${theirs} as there, ${ours} as incoming
  from pgfold_c c join ${target} pgfold_t on pgfold_t.${target_id}::text = c.pgfold_held
 where c.pgfold_outcome in ('duplicate', 'merged') and (${bare_ours}) is distinct from (${bare_theirs})
union all
select c.pgfold_id, c.pgfold_key, c.pgfold_outcome, c.pgfold_winner_source || ' ' || c.pgfold_winner, ${winners}, ${ours_of_winner}
  from pgfold_c c join pgfold_c pgfold_w on pgfold_w.pgfold_id = c.pgfold_winner
 where c.pgfold_outcome = 'duplicate_in_source' and c.pgfold_winner_source = ${source_name}
   and (${bare_ours}) is distinct from (${bare_winners})

-- a row is a source row whose key the target holds with other content, both as json
${contest}
select c.pgfold_id as id, c.pgfold_key as key, c.pgfold_outcome as outcome,
       ${theirs} as there, ${ours} as incoming
  from (
${classified}
  ) c
  join ${target} pgfold_t on pgfold_t.${target_id}::text = c.pgfold_held
 where c.pgfold_outcome in ('duplicate', 'merged') and (${ours}) is distinct from (${theirs})

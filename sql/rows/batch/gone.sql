select distinct on (x.id) x.id, x.target_id, x.key as key_then, ${there} as there from pgfold.crosswalk x
 where (x.run in (${undone}) or x.run in (${standing}) and x.undone) and x.source = ${source} and x.outcome = 'inserted'${free}${newest}
 order by x.id, x.run desc

-- rows that somebody edited in the target, or took out of it, are nobody's to write anew: check 1 lists them
delete from pgfold.late l using pgfold.crosswalk x left join ${target} pgfold_t on pgfold_t.${id}::text = x.target_id
 where l.run = $1::bigint and x.run = $1::bigint and x.source = l.source and x.id = l.id and x.outcome = 'inserted'
   and (pgfold_t.${id} is null or ${target_hash} is distinct from x.target_hash)

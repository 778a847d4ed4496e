-- rows that somebody edited in the target, or deleted there, are not written again: check 1 lists them; the others
-- stay as they are from here to the end
with locked as materialized (
  select pgfold_t.${id}::text as id, ${target_hash} as hash
    from ${target} as pgfold_t
   where pgfold_t.${id}::text in (
     select x.target_id from pgfold.crosswalk x join pgfold.late l on l.run = x.run and l.source = x.source and l.id = x.id
      where x.run = $1::bigint and x.outcome = 'inserted')
   order by pgfold_t.${key}
     for update of pgfold_t
)
delete from pgfold.late l using pgfold.crosswalk x left join locked k on k.id = x.target_id
 where l.run = $1::bigint and x.run = $1::bigint and x.source = l.source and x.id = l.id and x.outcome = 'inserted'
   and (k.id is null or k.hash is distinct from x.target_hash)

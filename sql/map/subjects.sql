-- a row is a live target row without a mapping, after the id $1 and up to the id $2, with its signals, all as text
select ${alias}.${id}::text as id, ${alias}.${key}::text as key, (${source})::text as source${signals}
  from ${target} ${alias}
 where (${live}) and ($1::text is null or ${alias}.${id} > $1::text::${id_type}) and ($2::text is null or ${alias}.${id} <= $2::text::${id_type})
   -- the bounds again: the planner looks at the mappings of the page, not at all there are
   and not exists (select from ${table} m where m.${left} = ${alias}.${id}
                    and ($1::text is null or m.${left} > $1::text::${id_type}) and ($2::text is null or m.${left} <= $2::text::${id_type}))
 order by ${alias}.${id}

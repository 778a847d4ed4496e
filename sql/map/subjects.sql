-- a row is a live target row without a mapping, with its signals
select ${alias}.${id}::text as id, ${alias}.${key}::text as key, ${source} as source, ${explicit} as explicit, ${rules} as rules, ${text} as text
  from ${target} ${alias}
 where (${live}) and ($1::text is null or ${alias}.${id} > $1::text::${id_type})
   and not exists (select from ${table} m where m.${left} = ${alias}.${id})
 order by ${alias}.${id} limit $2::bigint

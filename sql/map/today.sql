-- a row is a live target row with what it is mapped to now, the primary one first, after the id $1 and up to the id $2
select ${alias}.${id}::text as id, coalesce(${alias}.${key}::text, ${alias}.${id}::text) as key, ${source} as source,
       coalesce((select jsonb_agg(jsonb_build_object('code', r.${code}::text, 'kind', ${kind}, 'because', d.because, 'confidence', d.confidence, 'evidence', d.evidence)
                  order by ${first} desc, r.${code}::text)
          from ${table} m join ${right_table} r on r.${right_id} = m.${right}
          left join lateral (select d.because, d.confidence, d.evidence from pgfold.mapped d join pgfold.run u on u.run = d.run and u.undone_level is null
                              where d.mapping = ${name} and d.left_id = m.${left}::text and d.right_id = m.${right}::text and d.is_new
                              order by d.run desc limit 1) d on true
         where m.${left} = ${alias}.${id}), '[]') as mapped
  from ${target} ${alias}
 where (${live}) and ($1::text is null or ${alias}.${id} > $1::text::${id_type}) and ($2::text is null or ${alias}.${id} <= $2::text::${id_type})
 order by ${alias}.${id}

-- a row is a live target row that people mapped, with its signals, then what they mapped it to, the primary one first
select ${alias}.${id}::text as id, ${alias}.${key}::text as key, null::text as source${signals},
       (select jsonb_agg(r.${code}::text order by ${first} desc, r.${code}::text) from ${table} m join ${right_table} r on r.${right_id} = m.${right}
         where m.${left} = ${alias}.${id})::text as codes
  from ${target} ${alias}
 where (${live}) and exists (select from ${table} m where m.${left} = ${alias}.${id})
   and not exists (select from pgfold.mapped d join pgfold.run u on u.run = d.run and u.undone_level is null
                    where d.mapping = ${name} and d.left_id = ${alias}.${id}::text and d.is_new and d.because <> 'human'
                      and not exists (select from pgfold.mapped h join pgfold.run v on v.run = h.run and v.undone_level is null
                                       where h.mapping = ${name} and h.left_id = d.left_id and h.because = 'human' and h.run > d.run))
 order by ${alias}.${id} limit $1::bigint

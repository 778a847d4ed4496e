-- one number: live rows that stand by the fallback
select count(distinct ${alias}.${id}) from ${target} ${alias}
 where (${live})
   and exists (select from pgfold.mapped d join pgfold.run r on r.run = d.run and r.undone_level is null
                where d.mapping = ${name} and d.because = 'fallback' and d.is_new and d.left_id = ${alias}.${id}::text)

-- a row is a live row that stands by the fallback and that nobody has decided, with its line of the review list
select coalesce(${alias}.${key}::text, ${alias}.${id}::text) as key, v.reason, v.candidates
  from ${target} ${alias}
  cross join lateral (select v.reason, v.candidates from pgfold.review v join pgfold.run u on u.run = v.run and u.undone_level is null
                       where v.mapping = ${name} and v.left_id = ${alias}.${id}::text order by v.run desc limit 1) v
 where (${live}) and exists (select from ${table} m where m.${left} = ${alias}.${id})
   and (select d.because from pgfold.mapped d join pgfold.run u on u.run = d.run and u.undone_level is null
         where d.mapping = ${name} and d.left_id = ${alias}.${id}::text and d.is_new order by d.run desc limit 1) = 'fallback'
 order by 1

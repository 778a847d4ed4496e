-- a row is one fault of a rejected source row
${contest}
select c.pgfold_id as id, c.pgfold_key as key, split_part(f, ' ', 1) as code, substr(f, strpos(f, ' ') + 1) as object
  from (
${classified}
  ) c cross join unnest(case when cardinality(c.pgfold_wrong) > 0 then c.pgfold_wrong else array[c.pgfold_reason] end) f
 where c.pgfold_outcome = 'rejected'

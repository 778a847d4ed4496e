-- one value: another consolidation than $1 with a standing run into the table $2, the newest
select r.consolidation from pgfold.run r
 where r.consolidation <> $1 and r.changed and r.undone_level is null
   and to_regclass(format('%I.%I', r.plan #>> '{target,schema}', r.plan #>> '{target,name}')) = to_regclass($2::text)
 order by r.run desc limit 1

-- one value: the target of a standing run of the consolidation $1, where it is another table than $2 and is there
select t.name from (
  select distinct format('%I.%I', r.plan #>> '{target,schema}', r.plan #>> '{target,name}') as name
    from pgfold.run r where r.consolidation = $1 and r.changed and r.undone_level is null and r.plan -> 'target' is not null
) t where to_regclass(t.name) is distinct from to_regclass($2::text) and to_regclass(t.name) is not null
 limit 1

-- a row is a legacy row that shares its key, as it was or as it is, with one that is late, or that may find room now
insert into pgfold.late (run, source, id, what)
select distinct $1::bigint, x.source, x.id, 'key'
  from pgfold.crosswalk x
 where x.run = $1::bigint
   and (x.outcome = 'rejected' and x.reason_code = '23505'
       and not exists (select from pgfold.verdict v where v.run = x.run and v.source = x.source and v.id = x.id and v.verdict = 'raises')
     or x.key in (
       select o.key from pgfold.crosswalk o join pgfold.late l on l.run = o.run and l.source = o.source and l.id = o.id
        where o.run = $1::bigint and o.key is not null
       union all
       ${keys}))
on conflict do nothing

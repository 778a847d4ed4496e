-- a row is a legacy row that is not as this run read it: it came, it is another now, or it is gone
insert into pgfold.late (run, source, id, what)
select $1::bigint, ${source_name}, coalesce(n.id, w.id), case when w.id is null then 'came' when n.id is null then 'gone' else 'changed' end
  from (select ${id} as id, ${hash} as hash from ${source} as ${alias}) n
  full join (
    select x.id, x.source_hash from pgfold.crosswalk x where x.run = $1::bigint and x.source = ${source_name}
  ) w on w.id = n.id
 where w.source_hash is distinct from n.hash or w.id is null or n.id is null

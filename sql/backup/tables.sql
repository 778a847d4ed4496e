-- a row is a table with rows of its own outside the system and the ledger
select format('%I.%I', n.nspname, c.relname) as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname <> all (array['pg_catalog', 'information_schema', 'pg_toast', 'pgfold'])
   and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
   and ($1::text[] is null or c.oid = any (select to_regclass(t)::oid from unnest($1::text[]) t))
 order by n.nspname collate "C", c.relname collate "C"

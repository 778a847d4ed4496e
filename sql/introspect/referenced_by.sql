-- a row is a foreign key of one column to the table $1: its table, its column, the column it points to
select jsonb_build_array(jsonb_build_object('schema', n.nspname, 'name', c.relname), a.attname, f.attname) as reference
  from pg_constraint k
  join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
  join pg_attribute f on f.attrelid = k.confrelid and f.attnum = k.confkey[1]
 where k.contype = 'f' and k.confrelid = to_regclass($1) and cardinality(k.conkey) = 1
 order by n.nspname, c.relname, a.attname

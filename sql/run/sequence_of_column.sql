-- one value: the sequence that an identity or a default of a column uses; none where there is none
(select d.objid from pg_attribute a
   join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = a.attrelid and d.refobjsubid = a.attnum and d.classid = 'pg_class'::regclass and d.deptype = 'i'
  where a.attrelid = ${table}::regclass and a.attname = ${column}
 union all
 select d.refobjid from pg_attribute a join pg_attrdef f on f.adrelid = a.attrelid and f.adnum = a.attnum
   join pg_depend d on d.classid = 'pg_attrdef'::regclass and d.objid = f.oid and d.refclassid = 'pg_class'::regclass
   join pg_sequence s on s.seqrelid = d.refobjid
  where a.attrelid = ${table}::regclass and a.attname = ${column}
 limit 1)

-- one row: the operators of the default b-tree order of the type t.bottom; nulls for a type that has none
select max(format('operator(%I.%s)', n.nspname, o.oprname)) filter (where m.amopstrategy = 3) as equal,
       max(format('operator(%I.%s)', n.nspname, o.oprname)) filter (where m.amopstrategy = 5) as above,
       max(format('operator(%I.%s)', n.nspname, o.oprname)) filter (where m.amopstrategy = 2) as up_to
  from pg_opclass c
  join pg_amop m on m.amopfamily = c.opcfamily and m.amoplefttype = c.opcintype and m.amoprighttype = c.opcintype
  join pg_operator o on o.oid = m.amopopr join pg_namespace n on n.oid = o.oprnamespace
 where c.opcdefault and c.opcmethod = (select b.oid from pg_am b where b.amname = 'btree')
   and c.opcintype = (select case when y.typcategory = 'A' then 'anyarray'::regtype when y.typtype = 'e' then 'anyenum'::regtype
                                  when y.typtype = 'r' then 'anyrange'::regtype when y.typtype = 'c' then 'record'::regtype
                                  when y.typtype = 'm' then to_regtype('anymultirange')
                                  when y.oid = 'varchar'::regtype then 'text'::regtype else y.oid end
                        from pg_type y where y.oid = t.bottom)

-- a row is an object of the schema $1, and of other schemas and of none where asked, worded as a manifest words it: its definition, the facts beside it and its address
-- a definition is costly: `offset 0` keeps the server from wording that of every object there is before it looks at the schema
with home as (
select n.oid, n.nspname, case when n.nspname = $1::text then '' else n.nspname || '.' end as q from pg_catalog.pg_namespace n
 where n.nspname = $1::text
    or ${others} and n.nspname not in ('pg_catalog', 'information_schema', 'pgfold', 'pg_toast') and n.nspname not like 'pg\_temp\_%' and n.nspname not like 'pg\_toast\_temp\_%'
), relation as (
select c.*, c.oid as id, home.q,
       case c.relkind when 'v' then 'view ' when 'm' then 'view ' when 'S' then 'sequence ' when 'c' then 'type ' else 'table ' end as word
  from pg_catalog.pg_class c join home on c.relnamespace = home.oid where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
), remark as (
select d.classoid, d.objoid, d.objsubid, d.description from pg_catalog.pg_description d where d.objoid >= 16384 or d.classoid = 'pg_namespace'::regclass
), all_of_it as (
select c.word || c.q || c.relname as object,
       case when c.relkind = 'S' then (select home.q || t.relname::text from pg_catalog.pg_depend p join pg_catalog.pg_class t on t.oid = p.refobjid join home on home.oid = t.relnamespace
          where p.objid = c.id and p.classid = 'pg_class'::regclass and p.refclassid = 'pg_class'::regclass and p.deptype in ('a', 'i') limit 1)
       end as belongs_to,
       case when c.relkind in ('v', 'm') then pg_get_viewdef(c.id) || coalesce(array_to_string(c.reloptions, ','), '')
            else c.relrowsecurity::text || c.relforcerowsecurity::text || coalesce(array_to_string(c.reloptions, ','), '') end
       || pg_get_userbyid(c.relowner) as definition,
       concat_ws('; ', 'kind ' || c.relkind::text, 'persistence ' || c.relpersistence::text, 'replica identity ' || c.relreplident::text,
         'tablespace ' || (select s.spcname from pg_catalog.pg_tablespace s where s.oid = c.reltablespace),
         'access method ' || (select a.amname from pg_catalog.pg_am a where a.oid = c.relam and c.relkind <> 'S'),
         'populated ' || c.relispopulated::text,
         'of ' || nullif(c.reloftype, 0)::regtype::text, 'partition ' || pg_get_expr(c.relpartbound, c.id), 'partitioned ' || pg_get_partkeydef(c.id),
         'inherits ' || (select string_agg(i.inhparent::regclass::text, ',' order by i.inhseqno) from pg_catalog.pg_inherits i where i.inhrelid = c.id),
         'toast ' || (select array_to_string(t.reloptions, ',') from pg_catalog.pg_class t where t.oid = c.reltoastrelid),
         'inner triggers ' || (select string_agg(t.tgenabled::text, '' order by t.tgenabled::text) from pg_catalog.pg_trigger t where t.tgrelid = c.id and t.tgisinternal and t.tgenabled <> 'O'),
         'foreign ' || (select concat_ws(' ', s.srvname, f.ftoptions::text) from pg_catalog.pg_foreign_table f join pg_catalog.pg_foreign_server s on s.oid = f.ftserver where f.ftrelid = c.id),
         'sequence ' || (select concat_ws(' ', s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle) from pg_catalog.pg_sequence s where s.seqrelid = c.id),
         'owned by ' || (select format('column %s of %s', a.attname, t.relname) from pg_catalog.pg_depend p
            join pg_catalog.pg_class t on t.oid = p.refobjid join pg_catalog.pg_attribute a on a.attrelid = p.refobjid and a.attnum = p.refobjsubid
            where c.relkind = 'S' and p.classid = 'pg_class'::regclass and p.objid = c.id and p.refclassid = 'pg_class'::regclass and p.refobjsubid > 0 and p.deptype in ('a', 'i') limit 1),
         'acl ' || (select string_agg(a::text, ',' order by a::text collate "C") from unnest(coalesce(c.relacl, acldefault(case when c.relkind = 'S' then 's' else 'r' end::"char", c.relowner))) a),
         'comment ' || (select r.description from remark r where r.classoid = 'pg_class'::regclass and r.objoid = c.id and r.objsubid = 0)) as facts,
       'pg_class'::regclass as class, c.id as id, 0 as sub
  from relation c
union all
select 'column ' || a.attname || ' of ' || c.q || c.relname, c.q || c.relname,
       format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
       || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), ''),
       concat_ws('; ', 'identity ' || nullif(a.attidentity::text, ''), 'generated ' || nullif(a.attgenerated::text, ''), 'storage ' || a.attstorage::text, 'compression ' || nullif(a.attcompression::text, ''),
         'statistics ' || nullif(a.attstattarget, -1), 'options ' || a.attoptions::text, 'foreign ' || a.attfdwoptions::text, 'inherited ' || nullif(a.attinhcount, 0),
         'local ' || a.attislocal::text, 'collation ' || nullif(a.attcollation, 0)::regcollation::text,
         'acl ' || (select string_agg(x::text, ',' order by x::text collate "C") from unnest(a.attacl) x),
         'comment ' || (select r.description from remark r where r.classoid = 'pg_class'::regclass and r.objoid = c.id and r.objsubid = a.attnum)),
       'pg_class'::regclass, c.id, a.attnum
  from relation c
  join pg_catalog.pg_attribute a on a.attrelid = c.id and a.attnum > 0 and not a.attisdropped
  left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
 where c.relkind in ('r', 'p', 'v', 'm', 'f')
union all
select 'index ' || home.q || ic.relname, ch.q || c.relname, pg_get_indexdef(i.indexrelid) || i.indisvalid::text,
       concat_ws('; ', 'clustered ' || i.indisclustered::text, 'replica identity ' || i.indisreplident::text,
         'tablespace ' || (select s.spcname from pg_catalog.pg_tablespace s where s.oid = ic.reltablespace),
         'statistics ' || (select string_agg(a.attnum || '=' || nullif(a.attstattarget, -1), ',') from pg_catalog.pg_attribute a where a.attrelid = ic.oid),
         'comment ' || (select r.description from remark r where r.classoid = 'pg_class'::regclass and r.objoid = ic.oid and r.objsubid = 0)),
       'pg_class'::regclass, ic.oid, 0
  from (select i.* from pg_catalog.pg_index i join pg_catalog.pg_class ic on ic.oid = i.indexrelid join home on home.oid = ic.relnamespace offset 0) i
  join pg_catalog.pg_class ic on ic.oid = i.indexrelid join pg_catalog.pg_class c on c.oid = i.indrelid
  join home on ic.relnamespace = home.oid join home ch on ch.oid = c.relnamespace
 where not exists (select from pg_catalog.pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
union all
select 'constraint ' || k.conname || ' on ' || c.q || c.relname, c.q || c.relname, pg_get_constraintdef(k.oid),
       concat_ws('; ', 'valid ' || k.convalidated::text,
         (select concat_ws(' ', 'clustered', i.indisclustered, 'replica identity', i.indisreplident, ic.reloptions::text, ic.reltablespace::text)
            from pg_catalog.pg_index i join pg_catalog.pg_class ic on ic.oid = i.indexrelid where i.indexrelid = k.conindid and k.contype in ('p', 'u', 'x')),
         'comment ' || (select r.description from remark r where r.classoid = 'pg_constraint'::regclass and r.objoid = k.oid)),
       'pg_constraint'::regclass, k.oid, 0
  from pg_catalog.pg_constraint k join relation c on c.id = k.conrelid
 where k.contype not in ('n', 't')
union all
select 'trigger ' || t.tgname || ' on ' || c.q || c.relname, c.q || c.relname, pg_get_triggerdef(t.oid) || t.tgenabled::text,
       concat_ws('; ', 'comment ' || (select r.description from remark r where r.classoid = 'pg_trigger'::regclass and r.objoid = t.oid)),
       'pg_trigger'::regclass, t.oid, 0
  from pg_catalog.pg_trigger t join relation c on c.id = t.tgrelid
 where not t.tgisinternal
union all
select 'policy ' || p.polname || ' on ' || c.q || c.relname, c.q || c.relname,
       concat_ws(' ', p.polcmd, p.polpermissive, p.polroles::regrole[]::text,
                 pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)),
       concat_ws('; ', 'comment ' || (select r.description from remark r where r.classoid = 'pg_policy'::regclass and r.objoid = p.oid)),
       'pg_policy'::regclass, p.oid, 0
  from pg_catalog.pg_policy p join relation c on c.id = p.polrelid
union all
select 'rule ' || w.rulename || ' on ' || c.q || c.relname, c.q || c.relname, pg_get_ruledef(w.oid) || w.ev_enabled::text,
       concat_ws('; ', 'comment ' || (select r.description from remark r where r.classoid = 'pg_rewrite'::regclass and r.objoid = w.oid)),
       'pg_rewrite'::regclass, w.oid, 0
  from pg_catalog.pg_rewrite w join relation c on c.id = w.ev_class where w.rulename <> '_RETURN'
union all
select 'statistics ' || home.q || s.stxname, c.q || c.relname, pg_get_statisticsobjdef(s.oid),
       concat_ws('; ', pg_get_userbyid(s.stxowner), 'statistics ' || nullif(s.stxstattarget, -1),
         'comment ' || (select r.description from remark r where r.classoid = 'pg_statistic_ext'::regclass and r.objoid = s.oid)),
       'pg_statistic_ext'::regclass, s.oid, 0
  from pg_catalog.pg_statistic_ext s join relation c on c.id = s.stxrelid join home on home.oid = s.stxnamespace
union all
select 'function ' || home.q || f.proname || '(' || oidvectortypes(f.proargtypes) || ')', null,
       case when f.prokind <> 'a' then pg_get_functiondef(f.oid) else f.oid::text end,
       concat_ws('; ', pg_get_userbyid(f.proowner), (select a::text from pg_catalog.pg_aggregate a where a.aggfnoid = f.oid),
         'acl ' || (select string_agg(a::text, ',' order by a::text collate "C") from unnest(coalesce(f.proacl, acldefault('f', f.proowner))) a),
         'comment ' || (select r.description from remark r where r.classoid = 'pg_proc'::regclass and r.objoid = f.oid)),
       'pg_proc'::regclass, f.oid, 0
  from (select f.* from pg_catalog.pg_proc f join home on f.pronamespace = home.oid offset 0) f join home on f.pronamespace = home.oid
       -- those that come with a range type go with it
 where not exists (select from pg_catalog.pg_depend p where p.classid = 'pg_proc'::regclass and p.objid = f.oid and p.refclassid = 'pg_type'::regclass and p.deptype = 'i')
union all
select 'type ' || home.q || y.typname, null, y.typtype::text || coalesce((select string_agg(e.enumlabel, ',' order by e.enumsortorder) from pg_catalog.pg_enum e where e.enumtypid = y.oid), ''),
       concat_ws('; ', pg_get_userbyid(y.typowner), 'base ' || case when y.typtype = 'd' then format_type(y.typbasetype, y.typtypmod) end,
         case when y.typnotnull then 'not null' end, 'default ' || y.typdefault, 'collation ' || nullif(y.typcollation, 0)::regcollation::text,
         'fields ' || (select string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ',' order by a.attnum) from pg_catalog.pg_attribute a where a.attrelid = y.typrelid and a.attnum > 0 and not a.attisdropped),
         'checks ' || (select string_agg(k.conname || ' ' || pg_get_constraintdef(k.oid), ',' order by k.conname)
                         from pg_catalog.pg_constraint k where k.contypid = y.oid),
         'range ' || (select r.rngsubtype::regtype::text from pg_catalog.pg_range r where r.rngtypid = y.oid),
         'acl ' || (select string_agg(a::text, ',' order by a::text collate "C") from unnest(coalesce(y.typacl, acldefault('T', y.typowner))) a),
         'comment ' || (select r.description from remark r where r.classoid = 'pg_type'::regclass and r.objoid = y.oid)),
       'pg_type'::regclass, y.oid, 0
  from (select y.* from pg_catalog.pg_type y join home on y.typnamespace = home.oid offset 0) y join home on y.typnamespace = home.oid
 where y.typtype in ('e', 'd', 'r') or y.typtype = 'b' and y.typcategory <> 'A'
    or y.typtype = 'c' and exists (select from pg_catalog.pg_class c where c.oid = y.typrelid and c.relkind = 'c')
${of_no_schema})
-- what somebody drops while this is read has no definition any more
select o.object, o.belongs_to, o.definition, o.facts, o.class::oid as class, o.id, o.sub from all_of_it o where o.definition is not null

union all
select pg_describe_object(o.class, o.oid, 0), null, o.definition, coalesce((select 'comment ' || d.description from pg_catalog.pg_description d where d.classoid = o.class and d.objoid = o.oid), ''),
       o.class, o.oid, 0
  from (
    select 'pg_namespace'::regclass as class, n.oid, concat_ws(' ', pg_get_userbyid(n.nspowner), (select string_agg(a::text, ',' order by a::text collate "C") from unnest(coalesce(n.nspacl, acldefault('n', n.nspowner))) a)) as definition
      from pg_catalog.pg_namespace n where n.nspname not like 'pg\_%' and n.nspname <> 'pgfold'
    union all select 'pg_extension'::regclass, e.oid, e::text from pg_catalog.pg_extension e
    union all select 'pg_publication'::regclass, p.oid, concat_ws(' ', p::text, (select string_agg(r::text, ',' order by r.oid) from pg_catalog.pg_publication_rel r where r.prpubid = p.oid),
                     (select string_agg(s.schemaname || '.' || s.tablename, ',' order by s.schemaname, s.tablename) from pg_catalog.pg_publication_tables s where s.pubname = p.pubname and not p.puballtables)) from pg_catalog.pg_publication p
    union all select 'pg_event_trigger'::regclass, t.oid, t::text from pg_catalog.pg_event_trigger t
    union all select 'pg_language'::regclass, l.oid, l::text from pg_catalog.pg_language l
    union all select 'pg_cast'::regclass, c.oid, c::text from pg_catalog.pg_cast c where c.oid >= 16384
                and not exists (select from pg_catalog.pg_depend p where p.classid = 'pg_cast'::regclass and p.objid = c.oid and p.refclassid = 'pg_type'::regclass and p.deptype = 'i')
    union all select 'pg_transform'::regclass, t.oid, t::text from pg_catalog.pg_transform t
    union all select 'pg_foreign_data_wrapper'::regclass, f.oid, f::text from pg_catalog.pg_foreign_data_wrapper f
    union all select 'pg_foreign_server'::regclass, f.oid, f::text from pg_catalog.pg_foreign_server f
    union all select 'pg_user_mapping'::regclass, u.umid, u::text from pg_catalog.pg_user_mappings u
    union all select 'pg_default_acl'::regclass, d.oid, d::text from pg_catalog.pg_default_acl d
    union all select 'pg_am'::regclass, a.oid, a::text from pg_catalog.pg_am a where a.oid >= 16384
    union all select 'pg_operator'::regclass, o.oid, o::text from pg_catalog.pg_operator o where o.oid >= 16384
    union all select 'pg_opclass'::regclass, o.oid, o::text from pg_catalog.pg_opclass o where o.oid >= 16384
    union all select 'pg_opfamily'::regclass, o.oid, concat_ws(' ', o::text, (select string_agg(a::text, ',' order by a.oid) from pg_catalog.pg_amop a where a.amopfamily = o.oid),
                     (select string_agg(a::text, ',' order by a.oid) from pg_catalog.pg_amproc a where a.amprocfamily = o.oid)) from pg_catalog.pg_opfamily o
                where o.oid >= 16384 or exists (select from pg_catalog.pg_amop a where a.amopfamily = o.oid and a.oid >= 16384)
    union all select 'pg_collation'::regclass, c.oid, c::text from pg_catalog.pg_collation c where c.oid >= 16384
    union all select 'pg_conversion'::regclass, c.oid, c::text from pg_catalog.pg_conversion c where c.oid >= 16384
    union all select 'pg_ts_config'::regclass, t.oid, concat_ws(' ', t::text, (select string_agg(m::text, ',' order by m.maptokentype, m.mapseqno) from pg_catalog.pg_ts_config_map m where m.mapcfg = t.oid)) from pg_catalog.pg_ts_config t where t.oid >= 16384
    union all select 'pg_ts_dict'::regclass, t.oid, t::text from pg_catalog.pg_ts_dict t where t.oid >= 16384
    union all select 'pg_ts_parser'::regclass, t.oid, t::text from pg_catalog.pg_ts_parser t where t.oid >= 16384
    union all select 'pg_ts_template'::regclass, t.oid, t::text from pg_catalog.pg_ts_template t where t.oid >= 16384
  ) o
union all
-- comments and privileges of the server's own objects, as one hash
select 'objects of the server itself', null, concat_ws(' ',
         (select sum(hashtextextended(concat(d.classoid, '.', d.objoid, '.', d.objsubid, d.description), 0)) from pg_catalog.pg_description d where d.objoid < 16384 and d.classoid <> 'pg_namespace'::regclass),
         (select sum(hashtextextended(concat(c.oid, c.relacl::text), 0)) from pg_catalog.pg_class c where c.oid < 16384 and c.relacl is not null),
         (select sum(hashtextextended(concat(a.attrelid, '.', a.attnum, a.attacl::text), 0)) from pg_catalog.pg_attribute a where a.attrelid < 16384 and a.attacl is not null),
         (select sum(hashtextextended(concat(f.oid, f.proacl::text, f.proowner, f.proconfig::text), 0)) from pg_catalog.pg_proc f where f.oid < 16384 and (f.proacl is not null or f.proowner <> 10)),
         (select sum(hashtextextended(concat(y.oid, y.typacl::text), 0)) from pg_catalog.pg_type y where y.oid < 16384 and y.typacl is not null)), '',
       0::oid, 0::oid, 0

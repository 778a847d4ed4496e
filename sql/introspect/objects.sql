-- a row is an object of the schema $1 with its definition, worded as a manifest words it
with home as (select oid from pg_namespace where nspname = $1::text),
all_of_it as (
select case c.relkind when 'v' then 'view ' when 'm' then 'view ' when 'S' then 'sequence ' else 'table ' end || c.relname as object,
       case when c.relkind = 'S' then (select t.relname::text from pg_depend p join pg_class t on t.oid = p.refobjid
          where p.objid = c.oid and p.classid = 'pg_class'::regclass and p.refclassid = 'pg_class'::regclass and p.deptype in ('a', 'i') limit 1)
       end as belongs_to,
       case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) || coalesce(array_to_string(c.reloptions, ','), '')
            else c.relrowsecurity::text || c.relforcerowsecurity::text || coalesce(array_to_string(c.reloptions, ','), '') end
       || pg_get_userbyid(c.relowner) as definition
  from pg_class c, home where c.relnamespace = home.oid and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
union all
select 'column ' || a.attname || ' of ' || c.relname, c.relname,
       format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
       || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
  from pg_class c join home on c.relnamespace = home.oid
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
 where c.relkind in ('r', 'p', 'v', 'm', 'f')
union all
select 'index ' || ic.relname, c.relname, pg_get_indexdef(i.indexrelid) || i.indisvalid::text
  from pg_index i join pg_class ic on ic.oid = i.indexrelid join pg_class c on c.oid = i.indrelid
  join home on ic.relnamespace = home.oid
 where not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
union all
select 'constraint ' || k.conname || ' on ' || c.relname, c.relname, pg_get_constraintdef(k.oid)
  from pg_constraint k join pg_class c on c.oid = k.conrelid join home on c.relnamespace = home.oid
 where k.contype <> 'n'
union all
select 'trigger ' || t.tgname || ' on ' || c.relname, c.relname, pg_get_triggerdef(t.oid) || t.tgenabled::text
  from pg_trigger t join pg_class c on c.oid = t.tgrelid join home on c.relnamespace = home.oid
 where not t.tgisinternal
union all
select 'policy ' || p.polname || ' on ' || c.relname, c.relname,
       concat_ws(' ', p.polcmd, p.polpermissive, p.polroles::regrole[]::text,
                 pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
  from pg_policy p join pg_class c on c.oid = p.polrelid join home on c.relnamespace = home.oid
union all
select 'function ' || f.proname || '(' || oidvectortypes(f.proargtypes) || ')', null,
       case when f.prokind in ('f', 'p') then pg_get_functiondef(f.oid) else f.oid::text end
  from pg_proc f join home on f.pronamespace = home.oid
union all
select 'type ' || y.typname, null, y.typtype::text || coalesce((select string_agg(e.enumlabel, ',' order by e.enumsortorder) from pg_enum e where e.enumtypid = y.oid), '')
  from pg_type y join home on y.typnamespace = home.oid where y.typtype in ('e', 'd', 'r')
)
-- what somebody drops while this is read has no definition any more
select o.object, o.belongs_to, o.definition from all_of_it o where o.definition is not null

-- a row is an object that depends on one of the tables $1 and is not among what the backup brings back
with inside as (select to_regclass(t)::oid as oid from unnest($1::text[]) t)
select distinct o.what from (
  select 'foreign key ' || k.conname || ' of ' || k.conrelid::regclass as what
    from pg_constraint k where k.contype = 'f' and k.confrelid in (select oid from inside) and k.conrelid not in (select oid from inside)
  union all
  select 'view ' || w.ev_class::regclass
    from pg_depend d join pg_rewrite w on w.oid = d.objid and d.classid = 'pg_rewrite'::regclass
    join pg_class c on c.oid = w.ev_class join pg_namespace n on n.oid = c.relnamespace
   where d.refclassid = 'pg_class'::regclass and d.refobjid in (select oid from inside) and w.ev_class not in (select oid from inside)
     and 'view ' || n.nspname || ' ' || c.relname <> all ($2::text[])
  union all
  select 'function ' || d.objid::regprocedure
    from pg_depend d join pg_proc f on f.oid = d.objid join pg_namespace n on n.oid = f.pronamespace
   where d.classid = 'pg_proc'::regclass and d.refclassid in ('pg_class'::regclass, 'pg_type'::regclass)
     and d.deptype = 'n' and (d.refobjid in (select oid from inside) or d.refobjid in (select reltype from pg_class where oid in (select oid from inside)))
     and 'function ' || n.nspname || ' ' || f.proname <> all (select regexp_replace(t, '\(.*$', '') from unnest($2::text[]) t)
) o where o.what is not null order by 1

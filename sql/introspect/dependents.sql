-- a row is something that depends on one of the tables $1
with tables as (
  select t as given, c.oid, c.relname, c.relowner, c.relacl, n.nspname,
         '\m' || regexp_replace(c.relname, '([^[:alnum:]_])', '\\\1', 'g') || '\M' as word
    from unnest($1::text[]) t join pg_class c on c.oid = to_regclass(t) join pg_namespace n on n.oid = c.relnamespace
)
select t.given as "table", d.kind, d.name, coalesce(d.definition, '') as definition, d.by_text
  from tables t cross join lateral (
    select 'foreign key' as kind, format('%s of %s', k.conname, k.conrelid::regclass) as name,
           pg_get_constraintdef(k.oid) || case when k.convalidated then '' else ' (not validated)' end
           || case when exists (select from pg_trigger g where g.tgconstraint = k.oid and g.tgenabled = 'D') then ' (not enforced: its triggers are off)' else '' end as definition, false as by_text
      from pg_constraint k where k.contype = 'f' and k.confrelid = t.oid and k.conrelid <> t.oid
    union all
    select case v.relkind when 'm' then 'materialized view' else 'view' end, v.oid::regclass::text, pg_get_viewdef(v.oid), false
      from pg_class v where v.relkind in ('v', 'm') and exists (
        select from pg_depend d join pg_rewrite r on r.oid = d.objid
         where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = t.oid and r.ev_class = v.oid)
    union all
    select 'function', p.oid::regprocedure::text, md5(coalesce(p.prosrc, '') || coalesce(p.probin, '')), p.prosrc ~* t.word
      from pg_proc p join pg_namespace pn on pn.oid = p.pronamespace
     where pn.nspname not in ('pg_catalog', 'information_schema', 'pgfold') and p.prokind in ('f', 'p')
       and (p.prosrc ~* t.word or exists (
         select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.refclassid = 'pg_class'::regclass and d.refobjid = t.oid))
    union all
    select 'policy', format('%s on %s', y.polname, y.polrelid::regclass),
           concat_ws(' ', case when not (select c.relrowsecurity from pg_class c where c.oid = y.polrelid) then '(row security is off)' end, y.polcmd, y.polroles::text, pg_get_expr(y.polqual, y.polrelid), pg_get_expr(y.polwithcheck, y.polrelid)), false
      from pg_policy y where y.polrelid = t.oid or exists (
        select from pg_depend d where d.classid = 'pg_policy'::regclass and d.objid = y.oid and d.refclassid = 'pg_class'::regclass and d.refobjid = t.oid)
    union all
    select 'trigger', g.tgname::text, pg_get_triggerdef(g.oid) || ' ' || g.tgenabled::text, false
      from pg_trigger g where g.tgrelid = t.oid and not g.tgisinternal
    union all
    select 'publication', b.pubname::text, '', false
      from pg_publication_tables b where b.schemaname = t.nspname and b.tablename = t.relname
    union all
    select 'grant', format('%s to %s', lower(a.privilege_type), case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee)::text end),
           a.is_grantable::text, false
      from aclexplode(t.relacl) a where a.grantee <> t.relowner
    union all
    select 'partition or heir', i.inhrelid::regclass::text, '', false from pg_inherits i where i.inhparent = t.oid
  ) d
 order by 1, 2, 3

-- a row is a function or view that is about to be replaced, as the statements that bring it back
insert into pgfold.object_image (run, step, object, definition)
select $1::bigint, $2::bigint, o.object, o.definition
  from (
    select 'function ' || f.proname || '(' || oidvectortypes(f.proargtypes) || ')' as object, pg_get_functiondef(f.oid) as definition
      from pg_proc f join pg_namespace n on n.oid = f.pronamespace where n.nspname = $3 and f.prokind in ('f', 'p')
    union all
    select 'view ' || c.relname,
           format('drop view %I.%I; create view %I.%I%s as %s', n.nspname, c.relname, n.nspname, c.relname,
                  coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', ''), pg_get_viewdef(c.oid))
           || format('; alter view %I.%I owner to %I', n.nspname, c.relname, pg_get_userbyid(c.relowner))
           || coalesce('; ' || (select string_agg(format('grant %s on %I.%I to %s', a.privilege_type, n.nspname, c.relname,
                case when a.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end
                || case when a.is_grantable then ' with grant option' else '' end), '; ')
                from aclexplode(c.relacl) a where a.grantee <> c.relowner), '')
           || coalesce(format('; comment on view %I.%I is %L', n.nspname, c.relname, obj_description(c.oid, 'pg_class')), '')
      from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $3 and c.relkind = 'v'
  ) o
 where o.object = any ($4::text[])
on conflict do nothing

-- a row is an object that is about to be replaced, as the statements that bring it back
insert into pgfold.object_image (run, step, object, place, definition)
select $1::bigint, $2::bigint, o.object, o.place, o.definition
  from (
    select 'function ' || f.proname || '(' || oidvectortypes(f.proargtypes) || ')' as object, f.oid::regprocedure::text as place,
           concat_ws('; ', rtrim(pg_get_functiondef(f.oid), E'\n'),
             format('alter %s %s owner to %I', w.word, w.name, pg_get_userbyid(f.proowner)),
             (select ${revoke_function}),
             (select string_agg(format('grant %s on %s %s to %s%s', e.privilege_type, w.word, w.name,
                       case when e.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(e.grantee)) end,
                       case when e.is_grantable then ' with grant option' else '' end), '; ' order by e.place)
                from rows from (aclexplode(coalesce(f.proacl, acldefault('f', f.proowner)))) with ordinality as e(grantor, grantee, privilege_type, is_grantable, place)),
             format('comment on %s %s is %L', w.word, w.name, obj_description(f.oid, 'pg_proc'))) as definition
      from pg_proc f join pg_namespace n on n.oid = f.pronamespace
      cross join lateral (select case f.prokind when 'p' then 'procedure' else 'function' end as word,
             format('%I.%I(%s)', n.nspname, f.proname, pg_get_function_identity_arguments(f.oid)) as name) w
     where n.nspname = $3 and f.prokind in ('f', 'p')
    union all
    select 'view ' || c.relname, format('%I.%I', n.nspname, c.relname), ${view}
      from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $3 and c.relkind in ('v', 'm')
    union all
    select 'constraint ' || k.conname || ' on ' || c.relname, format('%I.%I', n.nspname, c.relname),
           format('alter table %I.%I drop constraint if exists %I; alter table %I.%I add constraint %I %s', n.nspname, c.relname, k.conname,
                  n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid))
           || coalesce(format('; comment on constraint %I on %I.%I is %L', k.conname, n.nspname, c.relname, obj_description(k.oid, 'pg_constraint')), '')
      from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace where n.nspname = $3
    union all
    select 'trigger ' || t.tgname || ' on ' || c.relname, format('%I.%I', n.nspname, c.relname),
           format('drop trigger if exists %I on %I.%I; %s; alter table %I.%I %s trigger %I', t.tgname, n.nspname, c.relname, pg_get_triggerdef(t.oid),
                  n.nspname, c.relname, case t.tgenabled when 'D' then 'disable' when 'A' then 'enable always' when 'R' then 'enable replica' else 'enable' end, t.tgname)
           || coalesce(format('; comment on trigger %I on %I.%I is %L', t.tgname, n.nspname, c.relname, obj_description(t.oid, 'pg_trigger')), '')
      from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $3 and not t.tgisinternal
    union all
    select 'policy ' || p.polname || ' on ' || c.relname, format('%I.%I', n.nspname, c.relname),
           format('drop policy if exists %I on %I.%I; create policy %I on %I.%I as %s for %s to %s', p.polname, n.nspname, c.relname, p.polname, n.nspname, c.relname,
                  case when p.polpermissive then 'permissive' else 'restrictive' end,
                  case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
                  (select string_agg(case when r = 0 then 'public' else quote_ident(pg_get_userbyid(r)) end, ', ') from unnest(p.polroles) r))
           || coalesce(' using (' || pg_get_expr(p.polqual, p.polrelid) || ')', '') || coalesce(' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')
           || coalesce(format('; comment on policy %I on %I.%I is %L', p.polname, n.nspname, c.relname, obj_description(p.oid, 'pg_policy')), '')
      from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace where n.nspname = $3
    union all
    select 'index ' || i.relname, format('%I.%I', n.nspname, i.relname),
           format('drop index if exists %I.%I; %s', n.nspname, i.relname, pg_get_indexdef(i.oid))
           || coalesce(format('; comment on index %I.%I is %L', n.nspname, i.relname, obj_description(i.oid, 'pg_class')), '')
      from pg_class i join pg_namespace n on n.oid = i.relnamespace where n.nspname = $3 and i.relkind = 'i'
    union all
    ${table}
  ) o
 where o.object = any ($4::text[])
on conflict do nothing

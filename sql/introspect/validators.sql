-- a row is one of the functions $1, or the function behind a trigger of the tables $2, with what its language checks it by
select 'function' as kind, f as name, p.oid::bigint as oid, l.lanvalidator::regproc::text as validator, coalesce(to_jsonb(p.proconfig), '[]') as settings
  from unnest($1::text[]) f join pg_proc p on p.oid = to_regprocedure(f) join pg_language l on l.oid = p.prolang
 where l.lanvalidator <> 0 and l.lanname not in ('internal', 'c')
union all
select 'trigger', g.tgname::text, p.oid::bigint, l.lanvalidator::regproc::text, coalesce(to_jsonb(p.proconfig), '[]')
  from unnest($2::text[]) t join pg_trigger g on g.tgrelid = to_regclass(t) and not g.tgisinternal
  join pg_proc p on p.oid = g.tgfoid join pg_language l on l.oid = p.prolang
 where l.lanvalidator <> 0 and l.lanname not in ('internal', 'c')

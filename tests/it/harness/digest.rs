//! The queries behind the digests: what must be the same before and after there and back.

/// Every table and sequence outside the system's schemas and ours. Text of rows depends on settings: they are pinned.
pub const ROWS: &str = r#"
set timezone = 'UTC';
set datestyle = 'ISO, YMD';
set intervalstyle = 'iso_8601';
set extra_float_digits = 1;
set bytea_output = 'hex';
set row_security = off;
select case when relkind = 'S'
    then format('select %L, last_value, is_called from %s', oid::regclass, oid::regclass)
    else format('select %L, count(*), md5(string_agg(md5("the row"::text), '''' order by "the row"::text collate "C"))'
                ' from %s "the row"', oid::regclass, oid::regclass)
    end
from (
    select c.oid, c.relkind, n.nspname, c.relname
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'S', 'm') and c.relispopulated and c.relpersistence <> 't'
      and n.nspname <> all (array['pg_catalog', 'information_schema', 'pg_toast', 'pgfold'])
) as things
order by nspname collate "C", relname collate "C"
\gexec
"#;

/// An access list that was never touched says the same as the default that it stands for.
pub const STRUCTURE: &str = r#"
set search_path = pg_catalog;
with spaces as (
    select oid, nspname, nspowner, nspacl from pg_namespace
    where nspname not in ('pg_catalog', 'information_schema', 'pgfold') and nspname !~ '^pg_(toast|temp)'
), relations as (
    select c.* from pg_class c join spaces s on s.oid = c.relnamespace
), functions as (
    select p.* from pg_proc p join spaces s on s.oid = p.pronamespace
), grants (what, whose, acl) as (
    select 'schema', nspname::text, coalesce(nspacl, acldefault('n', nspowner)) from spaces
    union all
    select 'relation', oid::regclass::text,
           coalesce(relacl, acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner))
    from relations where relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    union all
    select 'column', a.attrelid::regclass || '.' || a.attname, a.attacl
    from pg_attribute a join relations r on r.oid = a.attrelid where a.attacl is not null and not a.attisdropped
    union all
    select 'function', oid::regprocedure::text, coalesce(proacl, acldefault('f', proowner)) from functions
), facts (fact) as (
    select concat_ws(' ', 'grant', what, whose, item::text) from grants, unnest(acl) as item
    union all
    select concat_ws(' ', 'owner', nspname, nspowner::regrole) from spaces
    union all
    select concat_ws(' ', 'owner', oid::regclass, relkind, relowner::regrole, relrowsecurity, relforcerowsecurity,
                     relreplident, relpersistence, reloptions)
    from relations where relkind not in ('i', 'I', 't', 'c')
    union all
    select concat_ws(' ', 'owner', oid::regprocedure, proowner::regrole, prosecdef, proconfig) from functions
    union all
    select concat_ws(' ', 'index', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisready, i.indislive,
                     i.indisclustered, i.indisreplident)
    from pg_index i join relations r on r.oid = i.indrelid
    union all
    select concat_ws(' ', 'constraint', coalesce(nullif(conrelid, 0)::regclass::text, contypid::regtype::text),
                     conname, convalidated, pg_get_constraintdef(c.oid))
    from pg_constraint c join spaces s on s.oid = c.connamespace
    union all
    -- the triggers behind a foreign key are named by number
    select concat_ws(' ', 'trigger', t.tgrelid::regclass, coalesce(k.conname || ' ' || t.tgfoid::regproc, t.tgname),
                     t.tgenabled, case when not t.tgisinternal then pg_get_triggerdef(t.oid) end)
    from pg_trigger t join relations r on r.oid = t.tgrelid
    left join pg_constraint k on k.oid = t.tgconstraint and t.tgisinternal
    union all
    select concat_ws(' ', 'rule', r.oid::regclass, w.rulename, w.ev_enabled)
    from pg_rewrite w join relations r on r.oid = w.ev_class
    union all
    select concat_ws(' ', 'policy', polrelid::regclass, polname, polcmd, polpermissive,
                     (select array_agg(coalesce(nullif(role, 0)::regrole::text, 'public') order by role)
                      from unnest(polroles) as role),
                     pg_get_expr(polqual, polrelid), '/', pg_get_expr(polwithcheck, polrelid))
    from pg_policy p join relations r on r.oid = p.polrelid
    union all
    select concat_ws(' ', 'comment', i.type, i.identity, d.description)
    from pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) as i
    where i.schema in (select nspname from spaces)
       or (i.type = 'schema' and i.identity in (select quote_ident(nspname) from spaces))
       or (i.schema is null and d.objoid in (
              select oid from pg_trigger where tgrelid in (select oid from relations)
              union all select oid from pg_policy where polrelid in (select oid from relations)
              union all select oid from pg_constraint where conrelid in (select oid from relations)))
    union all
    select concat_ws(' ', 'default grant', coalesce(s.nspname, '*'), defaclrole::regrole, defaclobjtype, item::text)
    from pg_default_acl d left join spaces s on s.oid = d.defaclnamespace, unnest(d.defaclacl) as item
)
select replace(fact, E'\n', ' ') from facts order by fact collate "C";
"#;

-- a row is a right that we lack, with the statement that gives it: on the mappings' tables $1, what they refer to $2, the target's schema $3, the parents of its rows $4, and what enhancements refer to $5
select l.about, l.found, l.statement, l.for_enhancing
  from (
    select current_database()::text as about, 'the ledger needs a schema of its own, and we may not create one' as found,
           format('grant create on database %I to %I', current_database(), current_user) as statement, false as for_enhancing
     where to_regnamespace('pgfold') is null and not has_database_privilege(current_database(), 'create')
    union all
    select n.nspname, format('we lack %s on the target''s schema', string_agg(p.privilege, ', ' order by p.place)),
           format('grant %s on schema %I to %I', string_agg(p.privilege, ', ' order by p.place), n.nspname, current_user), true
      from pg_namespace n, unnest(array['usage', 'create']) with ordinality p(privilege, place)
     where n.nspname = $3 and not has_schema_privilege(n.oid, p.privilege) group by n.nspname
    union all
    select t.name, format('we lack %s on the mapping''s table', t.lacking), format('grant %s on %s to %I', t.lacking, t.name, current_user), false
      from (select n.name, string_agg(p.privilege, ', ' order by p.place) as lacking
              from unnest($1::text[]) n(name), unnest(array['select', 'insert', 'update', 'delete']) with ordinality p(privilege, place)
             where not has_table_privilege(n.name, p.privilege) group by n.name) t
    union all
    select t.name, format('we lack %s on what a mapping refers to', t.lacking), format('grant %s on %s to %I', t.lacking, t.name, current_user), t.lacking = 'references'
      from (select n.name, string_agg(p.privilege, ', ' order by p.place) as lacking
              from unnest($2::text[]) n(name), unnest(array['select', 'references']) with ordinality p(privilege, place)
             where not has_table_privilege(n.name, p.privilege) group by n.name) t
    union all
    select n.name, 'we may not read what the target refers to, so nobody could tell which rows have no parent',
           format('grant select on %s to %I', n.name, current_user), false
      from unnest($4::text[]) n(name) where not n.name = any ($2::text[]) and not has_table_privilege(n.name, 'select')
    union all
    select n.name, 'an enhancement refers to it, and only who may refer to it can add the foreign key',
           format('grant references on %s to %I', n.name, current_user), true
      from (select distinct to_regclass(m)::text as name from unnest($5::text[]) m where to_regclass(m) is not null) n
     where not to_regclass(n.name) = any (select to_regclass(x) from unnest($2::text[]) x) and not has_table_privilege(n.name, 'references')
  ) l order by l.statement

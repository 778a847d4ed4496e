-- one row: how many more connections we may open, and by whose limit
select l.free, l.of
  from (
    select current_setting('max_connections')::int - coalesce(nullif(current_setting('superuser_reserved_connections'), '')::int, 0)
             - (select count(*) from pg_stat_activity where backend_type = 'client backend')::int as free, 'max_connections' as of, 1 as n
    union all
    select r.rolconnlimit - (select count(*) from pg_stat_activity a where a.usesysid = r.oid and a.backend_type = 'client backend')::int,
           'connection limit of role ' || r.rolname, 2
      from pg_roles r where r.rolname = session_user and r.rolconnlimit >= 0 and not r.rolsuper
    union all
    select d.datconnlimit - (select count(*) from pg_stat_activity a where a.datid = d.oid and a.backend_type = 'client backend')::int,
           'connection limit of database ' || d.datname, 3
      from pg_database d join pg_roles r on r.rolname = session_user
     where d.datname = current_database() and d.datconnlimit >= 0 and not r.rolsuper
  ) l
 order by l.free, l.n limit 1

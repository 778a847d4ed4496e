-- a row is a name of $1 that every function of that name is volatile under, and whether a user wrote one of them
select jsonb_build_array(q.proname, q.own)
  from (
    select p.proname, bool_and(p.provolatile = 'v') as volatile,
           bool_or(p.oid >= 16384 and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')) as own
      from pg_proc p where p.proname = any ($1::text[]) and p.prokind = 'f' group by p.proname
  ) q where q.volatile order by 1

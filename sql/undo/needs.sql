    -- what stays needs what it is made of
    with recursive there as (
      select t.* from jsonb_to_recordset(pgfold_there) as t (object text, class oid, id oid, sub int)
    ), needed (class, id, sub) as (
      select t.class, t.id, t.sub from there t where t.object = any (pgfold_kept)
      union
      -- of a table that something depends on, it is the table itself and not all of its columns: -1
      select m.class, m.id, m.sub from needed n cross join lateral (
        select d.refclassid, d.refobjid, case when d.refobjsubid = 0 then -1 else d.refobjsubid end from pg_catalog.pg_depend d
         where d.classid = n.class and d.objid = n.id and (n.sub = 0 or d.objsubid in (0, n.sub))
        union all
        select 'pg_catalog.pg_rewrite'::regclass, w.oid, 0 from pg_catalog.pg_rewrite w
         where n.class = 'pg_catalog.pg_class'::regclass and w.ev_class = n.id and w.rulename = '_RETURN'
        union all
        select 'pg_catalog.pg_attrdef'::regclass, f.oid, 0 from pg_catalog.pg_attrdef f
         where n.class = 'pg_catalog.pg_class'::regclass and f.adrelid = n.id and n.sub in (0, f.adnum)
        union all
        select n.class, n.id, -1 where n.sub > 0
      ) m (class, id, sub) where m.id >= 16384
    )
    select coalesce(array_agg(distinct t.object), '{}') into pgfold_kept
      from there t join needed n on n.class = t.class and n.id = t.id and (n.sub = t.sub or n.sub = -1 and t.sub = 0);

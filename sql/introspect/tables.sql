-- a row is a table or view with any of the names in $1, in whatever schema
with wanted as (
  select c.*, n.nspname
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relname = any ($1::text[]) and c.relkind in ('r', 'p', 'v', 'm', 'f')
     and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'pgfold')
),
-- domains, and those of an array's elements, down to the type that holds the value, with the innermost length that is set
typed as (
  select a.attrelid, a.attnum, t.bottom, t.typmod, t.is_domain,
         coalesce((select y.typelem from pg_type y where y.oid = t.bottom and y.typcategory = 'A' and y.typelem <> 0), t.bottom) as elem
    from wanted w join pg_attribute a on a.attrelid = w.oid and a.attnum > 0 and not a.attisdropped
    cross join lateral (
      with recursive down as (
        select a.atttypid as typ, a.atttypmod as mod, false as is_domain, 0 as depth
        union all
        select b.typ, greatest(d.mod, b.mod), true, d.depth + 1
          from down d cross join lateral (
            select y.typbasetype as typ, y.typtypmod as mod from pg_type y where y.oid = d.typ and y.typtype = 'd'
            union all
            -- an array of a domain is one of what lies below, as far as there are arrays of that
            select o.typarray, e.typtypmod
              from pg_type y join pg_type e on e.oid = y.typelem and e.typtype = 'd' join pg_type o on o.oid = e.typbasetype
             where y.oid = d.typ and y.typtype <> 'd' and y.typcategory = 'A' and o.typarray <> 0
          ) b
      )
      select d.typ as bottom, d.mod as typmod, d.is_domain from down d order by depth desc limit 1
    ) t
),
-- sequences that feed a column: its default uses them, or it owns them
used as (
  select q.relid, q.sequence, has_sequence_privilege(q.sequence, 'select') as readable, has_sequence_privilege(q.sequence, 'update') as movable
    from (
      select ad.adrelid as relid, p.refobjid as sequence
        from pg_attrdef ad join pg_depend p on p.classid = 'pg_attrdef'::regclass and p.objid = ad.oid and p.refclassid = 'pg_class'::regclass
       where ad.adrelid in (select oid from wanted)
      union
      select p.refobjid, p.objid from pg_depend p
       where p.classid = 'pg_class'::regclass and p.refclassid = 'pg_class'::regclass and p.refobjid in (select oid from wanted) and p.deptype in ('a', 'i')
    ) q join pg_class s on s.oid = q.sequence and s.relkind = 'S'
)
select
  jsonb_build_object('schema', w.nspname, 'name', w.relname) as name,
  w.relkind::text as kind,
  pg_get_userbyid(w.relowner)::text as owner,
  (select o.rolsuper from pg_roles o where o.oid = w.relowner) as owner_is_superuser,
  pg_has_role(w.relowner, 'usage') as owned,
  has_table_privilege(w.oid, 'select') as can_select,
  has_table_privilege(w.oid, 'insert') as can_insert,
  has_table_privilege(w.oid, 'update') as can_update,
  w.relrowsecurity as row_security,
  w.relforcerowsecurity as row_security_forced,
  w.relkind = 'r' and exists (select from pg_inherits h where h.inhparent = w.oid) as has_heirs,
  (with recursive up as (
     select h.inhparent as oid from pg_inherits h where h.inhrelid = w.oid
     union select h.inhparent from up join pg_inherits h on h.inhrelid = up.oid
   )
   select coalesce(jsonb_agg(jsonb_build_object('schema', an.nspname, 'name', ac.relname) order by an.nspname, ac.relname), '[]')
     from up join pg_class ac on ac.oid = up.oid join pg_namespace an on an.oid = ac.relnamespace) as ancestors,
  (select coalesce(jsonb_agg(r.rulename order by r.rulename), '[]')
     from pg_rewrite r where r.ev_class = w.oid and r.ev_type in ('2', '3', '4') and r.ev_enabled in ('O', 'A')) as rules,
  w.relpersistence = 'u' as unlogged,
  w.reltuples::bigint as estimated_rows,
  coalesce(pg_total_relation_size(w.oid), 0) as bytes,
  (select coalesce(jsonb_agg(jsonb_build_object(
      'name', a.attname,
      'type_name', format_type(a.atttypid, a.atttypmod),
      'base_type', format_type(a.atttypid, null),
      'bottom_type', format_type(t.bottom, null),
      'length', case when t.elem in ('varchar'::regtype, 'bpchar'::regtype) and t.typmod > 4 then t.typmod - 4 end,
      'bits', case when t.elem in ('bit'::regtype, 'varbit'::regtype) and t.typmod > 0 then t.typmod end,
      'precision', case when t.elem = 'numeric'::regtype and t.typmod > 4 then ((t.typmod - 4) >> 16) & 65535 end,
      'scale', case when t.elem = 'numeric'::regtype and t.typmod > 4 then (((t.typmod - 4) & 2047) # 1024) - 1024 end,
      'not_null', a.attnotnull,
      'default', case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end,
      'volatile_default', coalesce(d.adbin is not null and exists (
          select from pg_depend p join pg_proc f on f.oid = p.refobjid
           where p.classid = 'pg_attrdef'::regclass and p.objid = d.oid
             and p.refclassid = 'pg_proc'::regclass and f.provolatile = 'v')
        or pg_get_expr(d.adbin, d.adrelid) ~* '(nextval|random|gen_random_uuid|clock_timestamp|uuid_generate)', false),
      'identity', a.attidentity::text,
      'generated', a.attgenerated <> '',
      'typmod', nullif(t.typmod, -1),
      'generation', case when a.attgenerated <> '' then pg_get_expr(d.adbin, d.adrelid) end,
      'sequence', (select jsonb_build_object('schema', sn.nspname, 'name', s.relname)
                     from pg_depend p
                     join pg_class s on s.relkind = 'S' and s.oid = case when p.classid = 'pg_attrdef'::regclass then p.refobjid else p.objid end
                     join pg_namespace sn on sn.oid = s.relnamespace
                    -- the default uses it, whoever owns it; an identity is its owner
                    where p.classid = 'pg_attrdef'::regclass and p.objid = d.oid and p.refclassid = 'pg_class'::regclass
                       or p.classid = 'pg_class'::regclass and p.refclassid = 'pg_class'::regclass and p.refobjid = w.oid and p.refobjsubid = a.attnum and p.deptype = 'i'
                    limit 1),
      'nondeterministic', coalesce((select not k.collisdeterministic from pg_collation k where k.oid = a.attcollation), false),
      'own_collation', a.attcollation is distinct from (select y.typcollation from pg_type y where y.oid = a.atttypid),
      'composite', (select y.typtype = 'c' from pg_type y where y.oid = t.elem),
      'collation', (select jsonb_build_object('schema', kn.nspname, 'name', k.collname)
                      from pg_collation k join pg_namespace kn on kn.oid = k.collnamespace where k.oid = a.attcollation),
      -- the operators of the type's own order, wherever they are
      'equality', (select o.equal from (${operators}) o), 'order_operators', (select jsonb_build_object('above', o.above, 'up_to', o.up_to) from (${operators}) o where o.above is not null),
      'bottom_id', t.bottom::bigint,
      -- a cast to text of its own may say less than the type's output does
      'cast_to_text', exists (select from pg_cast k join pg_type y on y.oid = k.castsource
                               where k.castsource = t.bottom and k.casttarget = 'text'::regtype and k.castmethod = 'f'
                                 and y.typnamespace <> 'pg_catalog'::regnamespace),
      'is_domain', t.is_domain,
      'is_enum', (select y.typtype = 'e' from pg_type y where y.oid = t.bottom)
    ) order by a.attnum), '[]')
     from pg_attribute a
     join typed t on t.attrelid = a.attrelid and t.attnum = a.attnum
     left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = w.oid) as columns,
  (select coalesce(jsonb_agg(jsonb_build_object(
      'name', ic.relname, 'unique', i.indisunique, 'primary', i.indisprimary, 'valid', i.indisvalid,
      'immediate', i.indimmediate,
      'nulls_not_distinct', coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false),
      'parts', (select jsonb_agg(pg_get_indexdef(i.indexrelid, k, true) order by k) from generate_series(1, i.indnkeyatts) k),
      'columns', (select jsonb_agg((select a.attname from pg_attribute a
                                     where a.attrelid = i.indrelid and a.attnum = i.indkey[k - 1] and a.attnum > 0) order by k)
                    from generate_series(1, i.indnkeyatts) k),
      'key_parts', (select jsonb_agg(jsonb_build_object(
                      'type_name', (select format_type(a.atttypid, -1) from pg_attribute a where a.attrelid = i.indexrelid and a.attnum = k),
                      'operator', (select format('operator(%I.%s)', n.nspname, o.oprname)
                                     from pg_opclass c join pg_amop m on m.amopfamily = c.opcfamily and m.amoplefttype = c.opcintype
                                      and m.amoprighttype = c.opcintype and m.amopstrategy = 3 and c.opcmethod = (select b.oid from pg_am b where b.amname = 'btree')
                                     join pg_operator o on o.oid = m.amopopr join pg_namespace n on n.oid = o.oprnamespace
                                    where c.oid = i.indclass[k - 1]),
                      'collation', (select jsonb_build_object('schema', kn.nspname, 'name', x.collname)
                                      from pg_collation x join pg_namespace kn on kn.oid = x.collnamespace where x.oid = i.indcollation[k - 1])
                    ) order by k) from generate_series(1, i.indnkeyatts) k),
      'predicate', pg_get_expr(i.indpred, i.indrelid)
    ) order by ic.relname), '[]')
     from pg_index i join pg_class ic on ic.oid = i.indexrelid
    -- one that somebody drops while this is read has no definition any more
    where i.indrelid = w.oid and pg_get_indexdef(i.indexrelid) is not null) as indexes,
  (select coalesce(jsonb_agg(jsonb_build_object(
      'name', k.conname, 'kind', k.contype::text,
      'expression', case when k.contype = 'c' then pg_get_expr(k.conbin, k.conrelid) end,
      'columns', (select coalesce(jsonb_agg(a.attname order by o), '[]')
                    from unnest(k.conkey) with ordinality u(n, o)
                    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n),
      'references', (select jsonb_build_object('schema', fn.nspname, 'name', fc.relname)
                       from pg_class fc join pg_namespace fn on fn.oid = fc.relnamespace where fc.oid = k.confrelid),
      'referenced_columns', (select coalesce(jsonb_agg(a.attname order by o), '[]')
                    from unnest(k.confkey) with ordinality u(n, o)
                    join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.n),
      'operators', (select coalesce(jsonb_agg(format('operator(%I.%s)', n.nspname, x.oprname) order by o), '[]')
                    from unnest(k.conpfeqop) with ordinality u(n, o)
                    join pg_operator x on x.oid = u.n join pg_namespace n on n.oid = x.oprnamespace),
      'collations', (select coalesce(jsonb_agg(case when x.oid is not null then jsonb_build_object('schema', kn.nspname, 'name', x.collname) end order by o), '[]')
                    from unnest(k.confkey) with ordinality u(n, o)
                    join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.n
                    left join pg_collation x on x.oid = a.attcollation left join pg_namespace kn on kn.oid = x.collnamespace),
      'deferred', k.condeferred
    ) order by k.conname), '[]')
     from pg_constraint k where k.conrelid = w.oid) as constraints,
  (select coalesce(jsonb_agg(jsonb_build_object(
      'name', t.tgname, 'function', t.tgfoid::regproc::text,
      'before', (t.tgtype & 2) <> 0, 'per_row', (t.tgtype & 1) <> 0,
      'on_insert', (t.tgtype & 4) <> 0, 'on_update', (t.tgtype & 16) <> 0, 'on_delete', (t.tgtype & 8) <> 0,
      'enabled', t.tgenabled::text,
      'deferrable', t.tgdeferrable,
      'drops', (t.tgtype & 7) = 7 and f.prosrc ~* '\mreturn\s+null\M',
      'always_drops', (t.tgtype & 7) = 7 and f.prosrc ~* '\mreturn\s+null\M' and f.prosrc !~* '\mreturn\s+\(?\s*new\M'
    ) order by t.tgname), '[]')
     from pg_trigger t join pg_proc f on f.oid = t.tgfoid where t.tgrelid = w.oid and not t.tgisinternal) as triggers,
  (select coalesce(jsonb_agg(distinct jsonb_build_object('schema', sn.nspname, 'name', s.relname)) filter (where u.readable), '[]') from used u
     join pg_class s on s.oid = u.sequence join pg_namespace sn on sn.oid = s.relnamespace where u.relid = w.oid) as sequences,
  (select coalesce(jsonb_agg(distinct jsonb_build_object('schema', sn.nspname, 'name', s.relname)) filter (where not (u.readable and u.movable)), '[]') from used u
     join pg_class s on s.oid = u.sequence join pg_namespace sn on sn.oid = s.relnamespace where u.relid = w.oid) as closed_sequences,
  -- what the types of its columns consist of
  (with recursive reached (typ) as (
     select t.bottom from typed t where t.attrelid = w.oid
     union
     select n.typ from reached r join pg_type y on y.oid = r.typ cross join lateral (
       select y.typelem as typ where y.typcategory = 'A' and y.typelem <> 0
       union all select y.typbasetype where y.typtype = 'd'
       union all select a.atttypid from pg_attribute a where y.typtype = 'c' and a.attrelid = y.typrelid and a.attnum > 0 and not a.attisdropped
       union all select g.rngsubtype from pg_range g where g.rngtypid = y.oid
       union all select g.rngtypid from pg_range g where (to_jsonb(g) ->> 'rngmultitypid')::oid = y.oid
     ) n
   )
   select coalesce(jsonb_agg(jsonb_build_object(
       'id', y.oid::bigint, 'zoned', y.oid = 'timestamptz'::regtype,
       'array_of', case when y.typcategory = 'A' and y.typelem <> 0 then y.typelem::bigint end,
       'domain_over', case when y.typtype = 'd' then y.typbasetype::bigint end,
       'range_of', (select g.rngsubtype::bigint from pg_range g where g.rngtypid = y.oid),
       'multirange_of', (select g.rngtypid::bigint from pg_range g where (to_jsonb(g) ->> 'rngmultitypid')::oid = y.oid),
       'fields', (select jsonb_agg(jsonb_build_array(a.attname, a.atttypid::bigint) order by a.attnum) from pg_attribute a
                   where y.typtype = 'c' and a.attrelid = y.typrelid and a.attnum > 0 and not a.attisdropped)
     )), '[]') from reached r join pg_type y on y.oid = r.typ) as types
from wanted w
order by w.nspname, w.relname

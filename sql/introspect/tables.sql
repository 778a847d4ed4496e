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
)
select
  jsonb_build_object('schema', w.nspname, 'name', w.relname) as name,
  w.relkind::text as kind,
  pg_get_userbyid(w.relowner)::text as owner,
  pg_has_role(w.relowner, 'usage') as owned,
  has_table_privilege(w.oid, 'select') as can_select,
  has_table_privilege(w.oid, 'insert') as can_insert,
  has_table_privilege(w.oid, 'update') as can_update,
  w.relrowsecurity as row_security,
  w.relforcerowsecurity as row_security_forced,
  w.relkind = 'r' and exists (select from pg_inherits h where h.inhparent = w.oid) as has_heirs,
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
                     from pg_class s join pg_namespace sn on sn.oid = s.relnamespace
                    where s.oid = pg_get_serial_sequence(w.oid::regclass::text, a.attname)::regclass),
      'nondeterministic', coalesce((select not k.collisdeterministic from pg_collation k where k.oid = a.attcollation), false),
      'own_collation', a.attcollation is distinct from (select y.typcollation from pg_type y where y.oid = a.atttypid),
      'composite', (select y.typtype = 'c' from pg_type y where y.oid = t.elem),
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
      'deferred', k.condeferred
    ) order by k.conname), '[]')
     from pg_constraint k where k.conrelid = w.oid) as constraints,
  (select coalesce(jsonb_agg(jsonb_build_object(
      'name', t.tgname, 'function', t.tgfoid::regproc::text,
      'before', (t.tgtype & 2) <> 0, 'per_row', (t.tgtype & 1) <> 0,
      'on_insert', (t.tgtype & 4) <> 0, 'on_update', (t.tgtype & 16) <> 0, 'on_delete', (t.tgtype & 8) <> 0,
      'enabled', t.tgenabled::text
    ) order by t.tgname), '[]')
     from pg_trigger t where t.tgrelid = w.oid and not t.tgisinternal) as triggers,
  (select coalesce(jsonb_agg(jsonb_build_object('schema', sn.nspname, 'name', s.relname) order by s.relname), '[]')
     from pg_depend p
     join pg_class s on s.oid = p.objid and s.relkind = 'S'
     join pg_namespace sn on sn.oid = s.relnamespace
    where p.classid = 'pg_class'::regclass and p.refclassid = 'pg_class'::regclass
      and p.refobjid = w.oid and p.deptype in ('a', 'i')) as sequences
from wanted w
order by w.nspname, w.relname

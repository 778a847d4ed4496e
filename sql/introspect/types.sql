-- a row is a type as written, and what the server knows of it without the length or precision that was written
select jsonb_build_array(w.written, jsonb_build_object(
    'name', format_type(w.typ, null), 'bottom', format_type(t.bottom, null), 'is_domain', t.is_domain,
    'is_enum', (select y.typtype = 'e' from pg_type y where y.oid = t.bottom),
    'equality', (select o.equal from (${operators}) o),
    'collation', (select jsonb_build_object('schema', kn.nspname, 'name', k.collname)
                    from pg_collation k join pg_namespace kn on kn.oid = k.collnamespace
                   where k.oid = (select y.typcollation from pg_type y where y.oid = w.typ)),
    'cast_to_text', exists (select from pg_cast k join pg_type y on y.oid = k.castsource
                             where k.castsource = t.bottom and k.casttarget = 'text'::regtype and k.castmethod = 'f'
                               and y.typnamespace <> 'pg_catalog'::regnamespace),
    'length', case when t.elem in ('varchar'::regtype, 'bpchar'::regtype) and t.typmod > 4 then t.typmod - 4 end,
    'bits', case when t.elem in ('bit'::regtype, 'varbit'::regtype) and t.typmod > 0 then t.typmod end,
    'precision', case when t.elem = 'numeric'::regtype and t.typmod > 4 then ((t.typmod - 4) >> 16) & 65535 end,
    'scale', case when t.elem = 'numeric'::regtype and t.typmod > 4 then (((t.typmod - 4) & 2047) # 1024) - 1024 end)) as pair
  from (select u as written, to_regtype(regexp_replace(u, '\s*\([^)]*\)', '')) as typ from unnest($1::text[]) u) w
  cross join lateral (
    with recursive down as (
      select w.typ::oid as typ, -1 as mod, false as is_domain, 0 as depth
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
    select d.typ as bottom, d.mod as typmod, d.is_domain,
           coalesce((select y.typelem from pg_type y where y.oid = d.typ and y.typcategory = 'A' and y.typelem <> 0), d.typ) as elem
      from down d order by depth desc limit 1
  ) t
 where w.typ is not null

-- what a table, its columns, a sequence are besides their rows
    select case c.relkind when 'S' then 'sequence ' else 'table ' end || c.relname, t.name,
           concat_ws('; ',
             format('alter %s %s owner to %I', t.word, t.name, pg_get_userbyid(c.relowner)),
             case when c.relkind in ('r', 'p') then format('alter table %s %s row level security; alter table %s %s row level security', t.name, case when c.relrowsecurity then 'enable' else 'disable' end,
                     t.name, case when c.relforcerowsecurity then 'force' else 'no force' end) end,
             case when c.relkind in ('r', 'S') then format('do $pgfold_kept$ begin if (select c.relpersistence from pg_catalog.pg_class c where c.oid = %L::regclass) <> %L then alter %s %s set %s; end if; end $pgfold_kept$',
                     t.name, c.relpersistence, t.word, t.name, case c.relpersistence when 'u' then 'unlogged' else 'logged' end) end,
             case when c.relkind = 'r' and c.relreplident <> 'i' then format('alter table %s replica identity %s', t.name, case c.relreplident when 'f' then 'full' when 'n' then 'nothing' else 'default' end) end,
             (select format('alter table %s replica identity using index %I', t.name, ic.relname) from pg_index i join pg_class ic on ic.oid = i.indexrelid where i.indrelid = c.oid and i.indisreplident and c.relreplident = 'i'),
             format('do $pgfold_kept$ declare r record; begin for r in select split_part(o, ''='', 1) as name from pg_catalog.pg_class c cross join unnest(c.reloptions) o where c.oid = %L::regclass loop execute format(''alter %s %s reset (%%I)'', r.name); end loop; end $pgfold_kept$',
                    t.name, t.word, replace(replace(t.name, '''', ''''''), '%', '%%')),
             'alter table ' || t.name || ' set (' || (select string_agg(quote_ident(split_part(o, '=', 1)) || ' = ' || quote_literal(substr(o, strpos(o, '=') + 1)), ', ') from unnest(c.reloptions) o) || ')',
             (select format('alter sequence %s as %s increment by %s minvalue %s maxvalue %s start with %s cache %s %s cycle', t.name, q.seqtypid::regtype, q.seqincrement, q.seqmin, q.seqmax, q.seqstart, q.seqcache,
                            case when q.seqcycle then '' else 'no' end) from pg_sequence q where q.seqrelid = c.oid),
             format('do $pgfold_kept$ declare r record; begin for r in select distinct e.grantee from pg_catalog.pg_class c cross join pg_catalog.aclexplode(coalesce(c.relacl, pg_catalog.acldefault(case when c.relkind = ''S'' then ''s'' else ''r'' end::"char", c.relowner))) e where c.oid = %L::regclass loop execute format(''revoke all on %s %s from %%s'', case when r.grantee = 0 then ''public'' else quote_ident(pg_get_userbyid(r.grantee)) end); end loop; end $pgfold_kept$',
                    t.name, t.word, replace(replace(t.name, '''', ''''''), '%', '%%')),
             (select string_agg(format('grant %s on %s %s to %s%s', e.privilege_type, t.word, t.name, case when e.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(e.grantee)) end,
                       case when e.is_grantable then ' with grant option' else '' end), '; ' order by e.place)
                from rows from (aclexplode(coalesce(c.relacl, acldefault(case when c.relkind = 'S' then 's' else 'r' end::"char", c.relowner)))) with ordinality as e(grantor, grantee, privilege_type, is_grantable, place)),
             (select string_agg(format('grant %s (%I) on table %s to %s%s', e.privilege_type, a.attname, t.name, case when e.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(e.grantee)) end,
                       case when e.is_grantable then ' with grant option' else '' end), '; ' order by a.attnum)
                from pg_attribute a cross join aclexplode(a.attacl) e where a.attrelid = c.oid and not a.attisdropped),
             format('comment on %s %s is %L', t.word, t.name, obj_description(c.oid, 'pg_class')))
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      cross join lateral (select format('%I.%I', n.nspname, c.relname) as name, case c.relkind when 'S' then 'sequence' when 'f' then 'foreign table' else 'table' end as word) t
     where n.nspname = $3 and c.relkind in ('r', 'p', 'f', 'S')
    union all
    select 'column ' || a.attname || ' of ' || c.relname, t.name,
           concat_ws('; ',
             case when a.attgenerated = '' and a.attidentity = '' then format('alter table %s alter column %I %s', t.name, a.attname, coalesce('set default ' || pg_get_expr(d.adbin, d.adrelid), 'drop default')) end,
             case when a.attidentity = '' then format('alter table %s alter column %I %s not null', t.name, a.attname, case when a.attnotnull then 'set' else 'drop' end) end,
             case when c.relkind in ('r', 'p', 'f') then format('alter table %s alter column %I set storage %s', t.name, a.attname, case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'x' then 'extended' else 'main' end) end,
             case when a.attcompression <> '' or c.relkind in ('r', 'p') and (select y.typstorage from pg_type y where y.oid = a.atttypid) <> 'p' then format('alter table %s alter column %I set compression %s', t.name, a.attname,
                    case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' else 'default' end) end,
             format('alter table %s alter column %I set statistics %s', t.name, a.attname, coalesce(a.attstattarget, -1)),
             format('do $pgfold_kept$ declare r record; begin for r in select split_part(o, ''='', 1) as name from pg_catalog.pg_attribute a cross join unnest(a.attoptions) o where a.attrelid = %L::regclass and a.attname = %L loop execute format(''alter table %s alter column %s reset (%%I)'', r.name); end loop; end $pgfold_kept$',
                    t.name, a.attname, replace(replace(t.name, '''', ''''''), '%', '%%'), replace(replace(quote_ident(a.attname), '''', ''''''), '%', '%%')),
             format('alter table %s alter column %I set (', t.name, a.attname) || array_to_string(a.attoptions, ', ') || ')',
             format('do $pgfold_kept$ declare r record; begin for r in select distinct e.grantee from pg_catalog.pg_attribute a cross join pg_catalog.aclexplode(a.attacl) e where a.attrelid = %L::regclass and a.attname = %L loop execute format(''revoke all (%s) on table %s from %%s'', case when r.grantee = 0 then ''public'' else quote_ident(pg_get_userbyid(r.grantee)) end); end loop; end $pgfold_kept$',
                    t.name, a.attname, replace(replace(quote_ident(a.attname), '''', ''''''), '%', '%%'), replace(replace(t.name, '''', ''''''), '%', '%%')),
             (select string_agg(format('grant %s (%I) on table %s to %s%s', e.privilege_type, a.attname, t.name, case when e.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(e.grantee)) end,
                       case when e.is_grantable then ' with grant option' else '' end), '; ') from aclexplode(a.attacl) e),
             format('comment on column %s.%I is %L', t.name, a.attname, col_description(c.oid, a.attnum)))
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      cross join lateral (select format('%I.%I', n.nspname, c.relname) as name) t
     where n.nspname = $3 and c.relkind in ('r', 'p', 'f')

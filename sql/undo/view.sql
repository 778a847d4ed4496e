concat_ws('; ',
  format('create %s view %I.%I%s as %s', case when c.relkind = 'm' then 'materialized' else '' end, n.nspname, c.relname,
         coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', ''), rtrim(pg_get_viewdef(c.oid), '; ')),
  (select string_agg(pg_get_indexdef(i.indexrelid), '; ' order by i.indexrelid) from pg_index i where i.indrelid = c.oid),
  format('alter table %I.%I owner to %I', n.nspname, c.relname, pg_get_userbyid(c.relowner)),
  (select string_agg(distinct format('revoke all on %I.%I from %s', n.nspname, c.relname,
                     case when e.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(e.grantee)) end), '; ')
     from pg_default_acl p cross join aclexplode(p.defaclacl) e where p.defaclobjtype = 'r' and p.defaclnamespace in (0, n.oid)),
  case when c.relacl is not null then format('revoke all on %I.%I from %I', n.nspname, c.relname, pg_get_userbyid(c.relowner)) end,
  (select string_agg(format('grant %s on %I.%I to %s%s', e.privilege_type, n.nspname, c.relname,
                     case when e.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(e.grantee)) end,
                     case when e.is_grantable then ' with grant option' else '' end), '; ' order by e.place)
     from rows from (aclexplode(c.relacl)) with ordinality as e(grantor, grantee, privilege_type, is_grantable, place)),
  (select string_agg(format('grant %s (%I) on %I.%I to %s%s', e.privilege_type, a.attname, n.nspname, c.relname,
                     case when e.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(e.grantee)) end,
                     case when e.is_grantable then ' with grant option' else '' end), '; ' order by a.attnum)
     from pg_attribute a cross join aclexplode(a.attacl) e where a.attrelid = c.oid),
  (select string_agg(format('alter view %I.%I alter column %I set default %s', n.nspname, c.relname, a.attname, pg_get_expr(d.adbin, d.adrelid)), '; ')
     from pg_attribute a join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum where a.attrelid = c.oid),
  (select string_agg(pg_get_triggerdef(t.oid), '; ') from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal),
  (select string_agg(rtrim(pg_get_ruledef(w.oid), '; '), '; ') from pg_rewrite w where w.ev_class = c.oid and w.rulename <> '_RETURN'),
  (select string_agg(format('comment on %s %s is %L', case when d.objsubid = 0 then case when c.relkind = 'm' then 'materialized view' else 'view' end else 'column' end,
                     format('%I.%I', n.nspname, c.relname) || coalesce('.' || quote_ident(a.attname), ''), d.description), '; ')
     from pg_description d left join pg_attribute a on a.attrelid = d.objoid and a.attnum = d.objsubid and d.objsubid > 0
    where d.classoid = 'pg_class'::regclass and d.objoid = c.oid))

  execute ${objects} into pgfold_json using ${schema}::text;
  -- the difference of the catalog must be what was declared, no more and no less
  with given as (
    select current_setting('pgfold.objects')::jsonb as was, pgfold_json as now, ${appears} as appears, ${replaces} as replaces
  ), changes as (
    select k.key as object, not g.was ? k.key as appeared, not g.now ? k.key as vanished,
           coalesce(g.now->k.key, g.was->k.key)->>'belongs_to' as parent, g.*
      from given g
      cross join lateral (select key from jsonb_object_keys(g.was) key union select key from jsonb_object_keys(g.now) key) k
     where g.was->k.key->>'definition' is distinct from g.now->k.key->>'definition' or g.was->k.key->>'facts' is distinct from g.now->k.key->>'facts'
  ), wrong as (
    select d as object, 'was declared and is not there' as why from given g, unnest(g.appears) d where not g.now ? d
    union all
    select c.object, case when c.vanished then 'was dropped and nobody declared that' when c.appeared then 'was created and nobody declared that'
                          else 'was changed and nobody declared that' end
      from changes c
     where not (c.parent is not null and 'view ' || c.parent = any (c.replaces))
       and not (c.appeared and c.object = any (c.appears))
       and not (c.appeared and c.parent is not null and (
             c.now ? ('table ' || c.parent) and not c.was ? ('table ' || c.parent) or c.now ? ('view ' || c.parent) and not c.was ? ('view ' || c.parent)))
       and not (not c.appeared and not c.vanished and c.object = any (c.replaces))
  )
  select string_agg(object || ' ' || why, '; ' order by object) into pgfold_text from wrong;
  if pgfold_text is not null then
    raise exception 'the enhancement did not do what the manifest declares: %', pgfold_text using errcode = 'P0004';
  end if;
  execute ${touched} into pgfold_text using ${legacy};
  if pgfold_text is not null then
    raise exception 'the enhancement alters, truncates or writes to a legacy table: %', pgfold_text using errcode = 'P0004';
  end if;

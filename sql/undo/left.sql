  -- what the run left is compared with what is there: a later release may have built on it
  if to_regclass('pgfold.object_left') is not null then
  perform set_config('search_path', ${path}, true);
  with recursive here as materialized (
${objects}
  ), left_there as (
    select distinct on (l.object) l.* from pgfold.object_left l join pgfold.step s using (run, step)
     where l.run = ${run} and s.state in ('running', 'done') order by l.object, l.step desc
  ), changed as (
    select h.object, 'changed since the run' as why, h.object as stays
      from left_there l join here h on h.object = l.object
     where h.definition is distinct from l.definition or coalesce(h.facts, '') is distinct from l.facts
    union
    -- on a table that the run created
    select h.object, 'not of the run, on ' || h.belongs_to, l.object from left_there l
      join here h on h.belongs_to = substr(l.object, strpos(l.object, ' ') + 1) and l.object ~ '^(table|view) '
     where l.is_new and not exists (select from left_there k where k.object = h.object)
    union
    -- what depends on something that the run created
    select coalesce(h.object, pg_describe_object(d.classid, d.objid, d.objsubid)), 'not of the run, depends on ' || l.object, l.object
      from left_there l join here a on a.object = l.object
      join pg_catalog.pg_depend d on d.refclassid = a.class and d.refobjid = a.id and (d.refobjsubid = a.sub or a.sub = 0) and d.deptype in ('n', 'a', 'i')
      left join pg_catalog.pg_rewrite w on d.classid = 'pg_rewrite'::regclass and w.oid = d.objid
      left join pg_catalog.pg_attrdef f on d.classid = 'pg_attrdef'::regclass and f.oid = d.objid
      left join pg_catalog.pg_constraint k on d.classid = 'pg_class'::regclass and k.conindid = d.objid and k.contype in ('p', 'u', 'x')
      left join here h on h.class = case when w.oid is not null then 'pg_class'::regclass when f.oid is not null then 'pg_class'::regclass
                                         when k.oid is not null then 'pg_constraint'::regclass else d.classid end
            and h.id = coalesce(w.ev_class, f.adrelid, k.oid, d.objid) and h.sub = coalesce(f.adnum::int, case when w.oid is null and k.oid is null then d.objsubid else 0 end)
     where l.is_new and coalesce(h.object, '') <> l.object
       and not exists (select from left_there k2 where k2.object = h.object)
       and not exists (select from left_there k3 where h.belongs_to = substr(k3.object, strpos(k3.object, ' ') + 1) and k3.object ~ '^(table|view) ' and k3.is_new)
       -- what the server creates with a type goes with it
       and not exists (select from pg_catalog.pg_depend p where p.classid = d.classid and p.objid = d.objid and p.refclassid = 'pg_type'::regclass and p.deptype = 'i')
       and (h.object is not null or d.classid not in ('pg_type'::regclass, 'pg_class'::regclass, 'pg_trigger'::regclass, 'pg_constraint'::regclass))
  )
  select count(*), string_agg(format('%s (%s)', c.object, c.why), '; ' order by c.object), coalesce(array_agg(distinct c.stays), '{}'),
         (select jsonb_agg(jsonb_build_object('object', h.object, 'class', h.class, 'id', h.id, 'sub', h.sub)) from left_there l join here h on h.object = l.object)
    into pgfold_n, pgfold_text, pgfold_kept, pgfold_there from changed c;
  perform set_config('search_path', pgfold_path, true);
  if pgfold_n > 0 then
    if current_setting('pgfold.keep_later_changes', true) is not distinct from 'on' then
      pgfold_effect := pgfold_effect || jsonb_build_object('later_changes_kept', pgfold_n);
      raise warning 'later changes that stay: %', pgfold_text;
${needs}    elsif current_setting('pgfold.discard_later_changes', true) is not distinct from 'on' then
      pgfold_kept := '{}';
      pgfold_cascade := ' cascade';
      pgfold_effect := pgfold_effect || jsonb_build_object('later_changes_discarded', pgfold_n);
      raise warning 'later changes that are discarded: %', pgfold_text;
    else
      raise exception '% objects are no longer as the run left them: %', pgfold_n, pgfold_text
        using errcode = 'P0004', hint = format('roll back all but these: pgfold rollback --run %s --level %s --keep-later-changes --execute; or discard them, too: --discard-later-changes', ${run}, pgfold_level);
    end if;
  end if;
  end if;

  -- rows that somebody edited or deleted since the run are not overwritten in silence, and counted where they are; counted first,
  -- because only a `perform` may take several processes, and joined so that the hash table holds no whole rows
  if pgfold_before = 0 then
    perform from (select count(*) as n from pgfold.crosswalk x join ${target} ${alias} on ${same}
                   where x.run = ${run} and x.outcome in ('inserted', 'merged') and x.undone is not true and ${picked}
                     and ${hash} is not distinct from x.target_hash) kept
      where kept.n <> (select count(*) from pgfold.crosswalk x
                        where x.run = ${run} and x.outcome in ('inserted', 'merged') and x.undone is not true and ${picked});
    if found then
      select count(*), string_agg(e.key, ', ' order by e.key) filter (where e.n <= 20) into pgfold_n, pgfold_text
        from (select x.key, row_number() over (order by x.key) as n
                from pgfold.crosswalk x left join ${target} ${alias} on ${alias}.${id} = x.target_id::${id_type}
               where x.run = ${run} and x.outcome in ('inserted', 'merged') and x.undone is not true and ${picked}
                 and (${alias}.${id} is null or ${hash} is distinct from x.target_hash)) e;
      if pgfold_discard then
        pgfold_effect := pgfold_effect || jsonb_build_object('edits_discarded', pgfold_n);
      else
        raise exception '% rows were edited since the run: %', pgfold_n, pgfold_text
          using errcode = 'P0004', hint = format('keep them, or discard the edits: pgfold rollback --run %s --level %s --discard-edits --execute', ${run}, pgfold_level);
      end if;
    end if;
  end if;

  -- pairs are rows: what somebody wrote into them since is his
  select count(*), string_agg(e.pair, ', ' order by e.pair) filter (where e.n <= 20) into pgfold_n, pgfold_text
    from (select p.left_id || ' ' || p.right_id as pair, row_number() over (order by p.left_id, p.right_id) as n
            from (${left_by_run}) p join ${table} m on m.${left} = p.left_id::${left_type} and m.${right} = p.right_id::${right_type}
           where p.row_hash is not null and ${row_hash} is distinct from p.row_hash) e;
  if pgfold_n > 0 then
    if pgfold_discard then
      pgfold_effect := pgfold_effect || jsonb_build_object('mapping_edits_discarded', coalesce((pgfold_effect ->> 'mapping_edits_discarded')::bigint, 0) + pgfold_n);
    else
      raise exception '% rows of % were edited since the run: %', pgfold_n, ${table_literal}::regclass, pgfold_text
        using errcode = 'P0004', hint = format('keep them, or discard the edits: pgfold rollback --run %s --level %s --discard-edits --execute', ${run}, pgfold_level);
    end if;
  end if;

  if exists (select from pgfold.step where run = ${run} and step = ${step} and state in ('running', 'done')) then
    -- a key that somebody gave the row since is his
    select count(*), string_agg(e.id, ', ' order by e.id) filter (where e.n <= 20) into pgfold_n, pgfold_text
      from (select b.id, row_number() over (order by b.id) as n
              from pgfold.before_image b join ${target} ${alias} on ${alias}.${id} = b.id::${id_type}
             where b.run = ${run} and b.step = ${step} and b.after_hash is not null and ${alias}.${key} is not null
               and hashtextextended(${alias}.${key}::text, 0) <> b.after_hash) e;
    if pgfold_n > 0 then
      if pgfold_discard then
        pgfold_effect := pgfold_effect || jsonb_build_object('keys_discarded', pgfold_n);
      else
        raise exception '% rows that were there before have another key than the run gave them: %', pgfold_n, pgfold_text
          using errcode = 'P0004', hint = format('keep them, or discard the edits: pgfold rollback --run %s --level %s --discard-edits --execute', ${run}, pgfold_level);
      end if;
    end if;
${off}    update ${target} ${alias} set ${key} = null from pgfold.before_image b
     where b.run = ${run} and b.step = ${step} and ${alias}.${id} = b.id::${id_type};
${on}  end if;

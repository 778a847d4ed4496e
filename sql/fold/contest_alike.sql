      -- rows that the target knows under another key
      select ${source}::text as source, q.id, 3 as weight, ${verdict}::text as verdict, 'alike ' || t.id as reason,
             null::text as winner_source, null::text as winner, null::text as winner_target, false as key_held
        from pgfold_keyed q
        join (select ${alike}::text as alike, min(pgfold_t.${id}::text) as id from ${target} pgfold_t where true${apart} group by 1) t on t.alike = q.alike
       where q.place = ${place} and not exists (select from (${held}) h where h.pgfold_tkey = q.key)

      -- rows whose entry another row of the target holds before anything comes back to life
      select ${source}::text as source, q.pgfold_id as id, 2 as weight, 'unique'::text as verdict, ${reason}::text as reason,
             null::text as winner_source, null::text as winner, null::text as winner_target, false as key_held, q.pgfold_u${n}::text as claim, ${n}::int as claim_on
        from (
${shaped}
        ) q ${gone}
          left join (${held}) h on h.pgfold_tkey = q.pgfold_key
       where q.pgfold_u${n} is not null and cardinality(q.pgfold_faults) = 0
         and ${entry}

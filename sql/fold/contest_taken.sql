      -- rows whose entry another row of the target holds before anything comes back to life
      select ${source}::text as source, q.pgfold_id as id, 2 as weight, 'unique'::text as verdict, ${reason}::text as reason,
             null::text as winner_source, null::text as winner, null::text as winner_target, false as key_held
        from (
${shaped}
        ) q left join (${gone}) g on g.id = q.pgfold_id
       where q.pgfold_u${n} is not null and cardinality(q.pgfold_faults) = 0
         and exists (select from (select pgfold_t.${id}::text as id, ${values} as entry from ${target} pgfold_t) x
                      where x.entry = q.pgfold_u${n} and x.id is distinct from g.target_id)

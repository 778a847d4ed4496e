      -- rows that the target knows under another key; one that is not live is a match only where the manifest says so
      select ${source}::text as source, q.id, 3 as weight, case when t.id is not null then ${verdict}::text else ${dead_verdict}::text end as verdict,
             case when t.id is not null then 'secondary_key ' || t.id else ${dead_reason} end as reason,
             null::text as winner_source, null::text as winner, null::text as winner_target, false as key_held, q.alike as claim, ${claim_on}::int as claim_on
        from pgfold_keyed q
        join (select ${alike}::text as alike, min(${id}) filter (where ${live}) as id, min(${id}) as dead
                from ${target} pgfold_t where true${apart} group by 1) t on t.alike = q.alike
       where q.place = ${place} and (t.id is not null or ${dead_matches}) and not exists (select from (${held}) h where h.pgfold_tkey = q.key)

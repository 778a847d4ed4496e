            select ${source}::text as source, q.pgfold_id as id, q.pgfold_key as key, cardinality(q.pgfold_faults) = 0 and (h.pgfold_tid is not null${not_retired} or k.taken is null) as ok,
                   st.run is not null as standing, st.target_id as standing_target, h.pgfold_tid is not null${not_retired} as held, ${place} as place, ${joins} as joins,
                   row_number() over (order by ${winner}) as rank
              from (
${shaped}
              ) q
              left join (${standing}) st on st.id = q.pgfold_id
              left join (${held}) h on h.pgfold_tkey = q.pgfold_key
              cross join lateral (select q.*) s cross join lateral (select h.pgfold_tid) t${taken_joins}
              -- who would be rejected wins nothing
              cross join lateral (select ${taken} as taken) k

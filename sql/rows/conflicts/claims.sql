            select ${source}::text as source, q.pgfold_id as id, q.pgfold_key as key, cardinality(q.pgfold_faults) = 0 and (h.pgfold_tid is not null${not_retired} or k.taken is null) as ok,
                   o.standing, case when o.standing then st.target_id end as standing_target, ${merges} as merges, h.pgfold_tid is not null${not_retired} as held, ${place} as place, ${joins} as joins,
                   row_number() over (order by ${winner}) as rank
              from (
${shaped}
              ) q
              left join (${standing}) st on st.id = q.pgfold_id
              left join (${held}) h on h.pgfold_tkey = q.pgfold_key
              -- a row whose target row went, and whose key another row holds by now, stands no more
              cross join lateral (select st.run is not null and (h.pgfold_tid is null or h.pgfold_tid = st.target_id) as standing) o
              cross join lateral (select q.*) s cross join lateral (select h.pgfold_tid) t${taken_joins}
              -- who would be rejected wins nothing
              cross join lateral (select ${taken} as taken) k

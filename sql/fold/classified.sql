  -- a row is a shaped row with its outcome
  select j.*,
         case
           when j.pgfold_settled then 'settled'
           when not (${takes}) then 'pending'
           when cardinality(j.pgfold_wrong) > 0 then 'rejected'
           when j.pgfold_revived then case when j.pgfold_verdict = 'unique' or j.pgfold_taken is not null then 'rejected' else 'inserted' end
           when j.pgfold_takes_over then 'merged'
           when j.pgfold_held is not null and j.pgfold_winner_here then 'duplicate_in_source'
           when j.pgfold_held is not null and cardinality(j.pgfold_fills) > 0 then 'merged'
           when j.pgfold_held is not null then 'duplicate'
           when j.pgfold_verdict = 'joins' then 'rejected'
           when j.pgfold_verdict = 'loser' then 'duplicate_in_source'
           when j.pgfold_verdict = 'unique' or j.pgfold_taken is not null then 'rejected'
           when j.pgfold_verdict = 'alike skip' then 'duplicate'
           else 'inserted'
         end as pgfold_outcome,
         case
           when j.pgfold_settled then 'run ' || j.pgfold_standing_run
           when not (${takes}) then 'left out'
           when cardinality(j.pgfold_wrong) > 0 then j.pgfold_wrong[1]
           when j.pgfold_revived then case when j.pgfold_verdict = 'unique' then j.pgfold_verdict_reason else coalesce(j.pgfold_taken, 'revived') end
           when j.pgfold_held is not null and j.pgfold_winner_here then 'key'
           when j.pgfold_held is not null and j.pgfold_standing_run is not null then 'changed since run ' || j.pgfold_standing_run || case when j.pgfold_edited then ', edited in the target' else '' end
           when j.pgfold_held is not null then 'key'
           when j.pgfold_verdict = 'joins' then '23505 the key joins rows that the source keeps apart'
           when j.pgfold_verdict = 'loser' then 'key'
           when j.pgfold_verdict = 'unique' then j.pgfold_verdict_reason
           when j.pgfold_taken is not null then j.pgfold_taken
           when j.pgfold_verdict in ('alike skip', 'alike') then j.pgfold_verdict_reason
         end as pgfold_reason
  from (
  select i.*,
         case when i.pgfold_held is null or i.pgfold_winner_here or i.pgfold_revived or i.pgfold_takes_over then i.pgfold_faults
              when cardinality(i.pgfold_fills) > 0 then i.pgfold_merged_faults
              else '{}' end as pgfold_wrong
    from (
  select s.*,
         t.pgfold_tid as pgfold_held,
         st.run as pgfold_standing_run,
         st.target_id as pgfold_standing_target,
         g.target_id as pgfold_gone,
         v.verdict as pgfold_verdict,
         v.reason as pgfold_verdict_reason,
         v.winner_source as pgfold_winner_source,
         v.winner as pgfold_winner,
         (st.run is not null and t.pgfold_tid = st.target_id and st.source_hash = s.pgfold_hash) is true as pgfold_settled,
         (t.pgfold_tid = g.target_id and not t.pgfold_live) is true as pgfold_revived,
         ${takes_over} as pgfold_takes_over,
         (st.run is not null and t.pgfold_thash <> st.target_hash) is true as pgfold_edited,
         (v.verdict = 'loser' and (v.winner_target = t.pgfold_tid or not v.key_held)) is true as pgfold_winner_here,
         case when (v.verdict = 'loser' and v.winner_source in (${merging})) or ${takes_over} then '{}' else ${fills} end as pgfold_fills,
         ${merged_faults} as pgfold_merged_faults,
         ${taken} as pgfold_taken
    from (
${shaped}
    ) s
    left join ${held} t on ${held_on}
    ${standing}
    ${gone}
    ${verdicts}
  offset 0
    ) i
  offset 0
  ) j

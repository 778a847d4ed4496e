  -- a row is a shaped row with its outcome
  select j.*,
         case
           when j.pgfold_unchanged then 'unchanged'
           when not (${takes}) then 'pending'
           when cardinality(j.pgfold_wrong) > 0 then 'rejected'
           when j.pgfold_revived then case when j.pgfold_verdict in ('unique', 'ambiguous_key') or j.pgfold_taken is not null then 'rejected' else 'inserted' end
           when j.pgfold_takes_over then 'merged'
           when j.pgfold_held is not null and j.pgfold_winner_here then 'duplicate_in_source'
           when j.pgfold_dead then ${dead_outcome}
           when j.pgfold_held is not null and cardinality(j.pgfold_fills) > 0 then 'merged'
           when j.pgfold_held is not null then 'duplicate'
           when j.pgfold_verdict = 'ambiguous_key' then 'rejected'
           when j.pgfold_verdict = 'lost' then 'duplicate_in_source'
           when j.pgfold_verdict = 'unique' or j.pgfold_taken is not null then 'rejected'
           when j.pgfold_verdict = 'secondary_match_skip' then 'duplicate'
           else 'inserted'
         end as pgfold_outcome,
         case
           when j.pgfold_unchanged then 'earlier_run ' || j.pgfold_standing_run
           when not (${takes}) then 'left_out'
           when cardinality(j.pgfold_wrong) > 0 then j.pgfold_wrong[1]
           when j.pgfold_revived then case when j.pgfold_verdict = 'ambiguous_key' then '23505 the key joins rows that the source keeps apart'
             when j.pgfold_verdict = 'unique' then j.pgfold_verdict_reason else coalesce(j.pgfold_taken, 'revived') end
           when j.pgfold_held is not null and j.pgfold_winner_here then 'key'
           when j.pgfold_dead then ${dead_reason}
           when j.pgfold_held is not null and j.pgfold_standing_run is not null then case when j.pgfold_edited then 'changed_and_edited ' else 'changed_since_run ' end || j.pgfold_standing_run
           when j.pgfold_held is not null then 'key'
           when j.pgfold_verdict = 'ambiguous_key' then '23505 the key joins rows that the source keeps apart'
           when j.pgfold_verdict = 'lost' then 'key'
           when j.pgfold_verdict = 'unique' then j.pgfold_verdict_reason
           when j.pgfold_taken is not null then j.pgfold_taken
           when j.pgfold_verdict in ('secondary_match_skip', 'secondary_match') then j.pgfold_verdict_reason
           when ${deleted_since} then 'deleted_since ' || j.pgfold_standing_run
         -- a code, then what it is about
         end as pgfold_reason
  from (
  select i.*,
         case when i.pgfold_held is null or i.pgfold_winner_here or i.pgfold_revived or i.pgfold_takes_over then i.pgfold_faults
              when i.pgfold_dead then ${dead_faults}
              when cardinality(i.pgfold_fills) > 0 then i.pgfold_merged_faults
              else '{}' end as pgfold_wrong
    from (
  select s.*,
         t.pgfold_tid as pgfold_held,
         st.run as pgfold_standing_run,
         st.target_id as pgfold_standing_target,
         st.target_hash as pgfold_standing_hash,
         g.target_id as pgfold_gone,
         v.verdict as pgfold_verdict,
         v.reason as pgfold_verdict_reason,
         v.winner_source as pgfold_winner_source,
         v.winner as pgfold_winner,
         (st.run is not null and t.pgfold_tid = st.target_id and st.source_hash = ${source_hash_then}) is true as pgfold_unchanged,
         ${revived} as pgfold_revived,
         ${takes_over} as pgfold_takes_over,
         ${dead} as pgfold_dead,
         (st.run is not null and ${target_hash_then} <> st.target_hash) is true as pgfold_edited,
         (v.verdict = 'lost' and (v.winner_target = t.pgfold_tid or not v.key_held)) is true as pgfold_winner_here,
         case when (v.verdict = 'lost' and v.winner_source in (${merging})) or ${takes_over} or ${dead} then '{}' else ${fills} end as pgfold_fills,
         ${merged_faults} as pgfold_merged_faults,
         ${taken} as pgfold_taken
    from (
${shaped}
    ) s
    left join ${held} t on ${held_on}${taken_joins}
    ${standing}
    ${gone}
    ${verdicts}
  offset 0
    ) i
  offset 0
  ) j

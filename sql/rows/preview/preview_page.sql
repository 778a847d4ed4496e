-- a row is one thing that a dry run tells of this source: a group of rows, a row, a fault or a difference; $5, $6, $7: how many
${contest},
pgfold_c as materialized (
select c.pgfold_id, ${ids}, c.pgfold_key, c.pgfold_outcome, c.pgfold_reason, c.pgfold_defaulted, c.pgfold_lossy, c.pgfold_winner_source,
       c.pgfold_winner, c.pgfold_held, c.pgfold_wrong, ${forced} as pgfold_forced
  from (
${classified}
  ) c
)
select 'group' as part, to_jsonb(pgfold_g) as told from (
${groups}
) pgfold_g
union all
select 'row', to_jsonb(pgfold_g) from (select * from (
${rows}
) pgfold_r limit $5::bigint) pgfold_g
union all
select 'fault', to_jsonb(pgfold_g) from (select * from (
${faults}
) pgfold_f limit $6::bigint) pgfold_g
${differences}

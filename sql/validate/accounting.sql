-- a row is a disagreement between the batches' accounting and the crosswalk of one source
select 'accounting_differs' as code, b.outcome as detail, b.rows as batches, coalesce(x.rows, 0) as crosswalk,
       greatest(abs(b.rows - coalesce(x.rows, 0)), 1) as rows
  from (
    select k.key as outcome, sum(k.value::bigint) as rows
      from pgfold.batch b
      cross join jsonb_each_text(jsonb_build_object('inserted', b.inserted, 'merged', b.merged, 'duplicate', b.duplicate,
        'duplicate_in_source', b.duplicate_in_source, 'filtered', b.filtered, 'rejected', b.rejected, 'unchanged', b.unchanged, 'pending', b.pending)) k
     where b.run = $1::bigint and b.source = $2 and b.committed_at is not null group by k.key
  ) b
  left join (select outcome, count(*) as rows from pgfold.crosswalk where run = $1::bigint and source = $2 group by outcome) x using (outcome)
 where b.rows <> coalesce(x.rows, 0)
union all
select 'batch_open', null, null, null, count(*) from pgfold.batch
 where run = $1::bigint and source = $2 and committed_at is null having count(*) > 0

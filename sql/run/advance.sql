-- one row: where the sequence of the target's ids stands now; none where it stands behind every id that comes back
select setval(q.sequence, q.top)
  from (select pg_get_serial_sequence(${table}, ${column})::regclass as sequence,
               (select max(x.target_id::bigint) from pgfold.crosswalk x where x.run in (${runs}) and x.outcome = 'inserted') as top) q
 where q.top > coalesce(pg_sequence_last_value(q.sequence), 0)

-- one row: where the sequence of the target's ids stands now; none where it stands behind all of them
select setval(q.sequence, q.top)
  from (select ${sequence}::regclass as sequence, (select max(${id})::bigint from ${target}) as top) q
 where q.top > coalesce(pg_sequence_last_value(q.sequence), 0)

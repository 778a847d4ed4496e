-- one row: where a sequence stands now; none where it is ahead of all that was brought
select setval(q.sequence, case when q.up then ceil(q.most) else floor(q.least) end::bigint)
  from (
    select s.seqrelid::regclass as sequence, s.seqincrement > 0 as up, max(b.v) as most, min(b.v) as least
      from pg_sequence s
      -- a sequence that gave no number yet begins with what stands there, wherever it was told to start
      cross join lateral (${stands}) l
      join (${brought}) b
        on b.v between s.seqmin and s.seqmax
       and case when s.seqincrement > 0 then b.v >= l.last + l.is_called::int else b.v <= l.last - l.is_called::int end
     where s.seqrelid = ${sequence}
     group by s.seqrelid, s.seqincrement
  ) q

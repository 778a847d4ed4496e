insert into pgfold.sequence_state (run, sequence, before_value, before_called)
select $1::bigint, s.seq, coalesce(pg_sequence_last_value(s.seq::regclass), q.seqstart), pg_sequence_last_value(s.seq::regclass) is not null
  from unnest($2::text[]) as s(seq) join pg_sequence q on q.seqrelid = s.seq::regclass
on conflict do nothing

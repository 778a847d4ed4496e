insert into pgfold.sequence_state (run, sequence, before_value, before_called)
select $1::bigint, q.seqrelid::regclass::text, coalesce(pg_sequence_last_value(q.seqrelid), q.seqstart), pg_sequence_last_value(q.seqrelid) is not null
  from pg_sequence q join pg_class c on c.oid = q.seqrelid
 where q.seqrelid = any ($2::text[]::regclass[]) or c.relnamespace in (
   select t.relnamespace from pg_class t where t.oid = any ($2::text[]::regclass[]))
on conflict do nothing

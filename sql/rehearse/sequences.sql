-- a row is a sequence of a user's schema with where it stands
select q.seqrelid::regclass::text as sequence, pg_sequence_last_value(q.seqrelid) as value
  from pg_sequence q join pg_class c on c.oid = q.seqrelid join pg_namespace n on n.oid = c.relnamespace
 where has_sequence_privilege(q.seqrelid, 'select') order by 1

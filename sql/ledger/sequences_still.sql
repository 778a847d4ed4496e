-- a row is a sequence that stands where the run $1 left it
select s.sequence from pgfold.sequence_state s
 where s.run = $1::bigint and to_regclass(s.sequence) is not null and s.after_value is not distinct from pg_sequence_last_value(to_regclass(s.sequence))

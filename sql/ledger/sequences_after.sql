update pgfold.sequence_state s set after_value = pg_sequence_last_value(s.sequence::regclass), after_called = true
 where s.run = $1::bigint and to_regclass(s.sequence) is not null

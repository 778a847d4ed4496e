update pgfold.sequence_state s set after_value = pg_sequence_last_value(to_regclass(s.sequence)), after_called = true
 where s.run = $1::bigint and s.sequence = any ($2::text[])

-- the last statement before commit, because a sequence does not come back with a rollback
lock table ${target} in access exclusive mode;
select s.sequence,
       case when not exists (select from pgfold.run later join pgfold.sequence_state l on l.run = later.run
                              where l.run > s.run and l.sequence = s.sequence and later.changed and later.undone_level is null)
             and s.after_value = pg_sequence_last_value(s.sequence::regclass)
            then setval(s.sequence::regclass, s.before_value, s.before_called) end as set_back_to
  from pgfold.sequence_state s where s.run = ${run};

-- one row: how run $1 was taken back, and by whom, if it was
select r.undone_level as level, to_char(r.undone_at, 'YYYY-MM-DD HH24:MI:SS TZ') as at,
       (select a.who from pgfold.audit a where a.consolidation = r.consolidation and a.run = r.run and a.event = 'run rolled back'
         order by a.seq desc limit 1) as who
  from pgfold.run r where r.run = $1::bigint and r.undone_level is not null

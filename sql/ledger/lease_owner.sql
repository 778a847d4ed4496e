-- one row: who operates the consolidation now
select l.who, l.backend, l.run, to_char(l.taken_at, 'YYYY-MM-DD HH24:MI:SS TZ') as since from pgfold.lease l where l.consolidation = $1

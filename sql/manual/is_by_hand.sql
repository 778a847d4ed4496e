-- one row: whether the run $1 is done by hand
select coalesce(r.way = 'manual', false) as by_hand from pgfold.run r where r.run = $1::bigint

-- one row: how far run $1 was taken back, as soon as nobody else is about it
select undone_level as level, undone_effect::text as effect from pgfold.run where run = $1::bigint for update

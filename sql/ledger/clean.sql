-- one number: rows that are gone
with runs as (update pgfold.run set cleaned_at = clock_timestamp() where run = any ($1::text[]::bigint[]) returning run),
images as (delete from pgfold.before_image b using runs where b.run = runs.run returning 1),
objects as (delete from pgfold.object_image o using runs where o.run = runs.run returning 1),
put as (delete from pgfold.put_value p using runs where p.run = runs.run returning 1),
written as (delete from pgfold.written_row w using runs where w.run = runs.run returning 1)
select ((select count(*) from images) + (select count(*) from objects) + (select count(*) from put) + (select count(*) from written))::text

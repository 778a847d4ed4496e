-- no row: the batch was committed meanwhile
with low as (
  update pgfold.batch b set upto = $4::text[]
   where b.run = $1::bigint and b.step = $2::bigint and b.batch = $3::bigint and b.committed_at is null
  returning b.run, b.step, b.source, b.above
), high as (
  insert into pgfold.batch (run, step, source, batch, above, upto)
  select l.run, l.step, l.source, (select max(x.batch) + 1 from pgfold.batch x where x.run = $1::bigint and x.step = $2::bigint), $4::text[], $5::text[]
    from low l
  returning batch
)
select jsonb_build_object('batch', h.batch)::text from high h

insert into pgfold.worker (run, worker, epoch)
select $1::bigint, w, $3::bigint
  from generate_series(1, greatest($2::bigint, (select max(worker) from pgfold.worker where run = $1::bigint))) w
 where exists (select from pgfold.lease l join pgfold.run r on r.consolidation = l.consolidation
                where r.run = $1::bigint and l.epoch = $3::bigint)
on conflict (run, worker) do update set epoch = excluded.epoch

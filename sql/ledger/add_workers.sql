insert into pgfold.worker (run, worker, epoch)
select $1::bigint, w, $3::bigint from generate_series(1, $2::bigint) w
on conflict (run, worker) do update set epoch = excluded.epoch

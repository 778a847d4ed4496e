-- one row: what is still open of the consolidation $1, whose newest standing run is $2
select (select h.healthy from pgfold.health h where h.consolidation = $1 and h.run = $2::bigint order by h.id desc limit 1) as healthy,
       (select count(*) from pgfold.review v where v.run = $2::bigint) as review,
       coalesce((select sum(b.pending) from pgfold.batch b where b.run = $2::bigint and b.committed_at is not null), 0) as pending,
       coalesce((select sum(b.rejected) from pgfold.batch b where b.run = $2::bigint and b.committed_at is not null), 0) as rejected

-- a row is a legacy row that gave way to another with the same key
select x.source, x.id, x.key, x.winner from pgfold.crosswalk x
 where x.run = $1::bigint and x.outcome = 'duplicate_in_source' and x.winner is not null order by x.source, x.key, x.id limit $2::bigint

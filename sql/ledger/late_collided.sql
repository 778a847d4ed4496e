-- one row: late rows that the server refused as they stand in the source now, though an earlier state of them is in the target
select count(distinct (r.source, r.id)) as rows from pgfold.reject r join pgfold.late l on l.run = r.run and l.source = r.source and l.id = r.id
 where r.run = $1::bigint and r.code = '23505' and r.message is not null and l.target_id is not null

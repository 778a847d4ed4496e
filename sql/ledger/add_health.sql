-- one value: whether somebody must be told, since the trouble is not the one of the last look
insert into pgfold.health (consolidation, run, healthy, signature, findings, notified)
select $1, $2::bigint, $3::boolean, $4, $5::text::jsonb,
       not $3::boolean and $4 is distinct from (select h.signature from pgfold.health h where h.consolidation = $1 order by h.id desc limit 1)
returning notified::text

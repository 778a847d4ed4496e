-- one row: how many legacy rows were written meanwhile; one that is only contested is none of them
select count(*) filter (where l.what = 'came') as came, count(*) filter (where l.what = 'changed' and x.source_hash is not null and x.outcome <> 'duplicate') as changed,
       count(*) filter (where l.what = 'gone') as gone
  from pgfold.late l left join pgfold.crosswalk x on x.run = l.run and x.source = l.source and x.id = l.id where l.run = $1::bigint

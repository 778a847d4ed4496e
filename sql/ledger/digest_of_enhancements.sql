,
  'left', (select jsonb_build_array(count(*), coalesce(sum(hashtextextended(l::text, 0)::numeric), 0)::text) from pgfold.object_left l where l.run = $1::bigint),
  'written', (select jsonb_build_array(count(*), coalesce(sum(hashtextextended(w::text, 0)::numeric), 0)::text) from pgfold.written_row w where w.run = $1::bigint)

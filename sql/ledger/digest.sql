-- one value: rows and hash of what a rollback of the run $1 stands on
select jsonb_build_object(
  'crosswalk', (select jsonb_build_array(count(*), coalesce(sum(hashtextextended(row(x.source, x.id, x.outcome, x.key, x.target_id, x.source_hash, x.target_hash)::text, 0)::numeric), 0)::text)
                  from pgfold.crosswalk x where x.run = $1::bigint),
  'before_images', (select jsonb_build_array(count(*), coalesce(sum(hashtextextended(b::text, 0)::numeric), 0)::text) from pgfold.before_image b where b.run = $1::bigint),
  'objects', (select jsonb_build_array(count(*), coalesce(sum(hashtextextended(o::text, 0)::numeric), 0)::text) from pgfold.object_image o where o.run = $1::bigint),
  'mappings', (select jsonb_build_array(count(*), coalesce(sum(hashtextextended(m::text, 0)::numeric), 0)::text) from pgfold.mapped m where m.run = $1::bigint)
) as digest

-- one value: rows and hash of what a rollback of the run $1 stands on
-- a ledger of an older version lacks the columns that are asked for as json; what it hashed then is the same
select jsonb_build_object(
  'crosswalk', (select jsonb_build_array(count(*), coalesce(sum(hashtextextended(row(x.source, x.id, x.outcome, x.key, x.target_id, x.source_hash, x.target_hash)::text, 0)::numeric), 0)::text)
                  from pgfold.crosswalk x where x.run = $1::bigint),
  'before_images', (select jsonb_build_array(count(*), coalesce(sum(hashtextextended(case when to_jsonb(b) ->> 'left_values' is null then row(b.run, b.step, b.table_name, b.id, b.columns, b.after_hash)::text else b::text end, 0)::numeric), 0)::text) from pgfold.before_image b where b.run = $1::bigint),
  'objects', (select jsonb_build_array(count(*), coalesce(sum(hashtextextended(o::text, 0)::numeric), 0)::text) from pgfold.object_image o where o.run = $1::bigint),
  'mappings', (select jsonb_build_array(count(*), coalesce(sum(hashtextextended(case when to_jsonb(m) ->> 'row_hash' is null then row(m.run, m.step, m.mapping, m.left_id, m.right_id, m.because, m.confidence, m.evidence, m.is_primary, m.is_new)::text else m::text end, 0)::numeric), 0)::text) from pgfold.mapped m where m.run = $1::bigint)${of_enhancements}
) as digest

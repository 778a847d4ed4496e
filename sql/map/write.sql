-- one number: mappings that are new; $3 to $8 hold one decision at each place
with given as (
  select u.left_id, u.right_id, u.because, u.confidence::float8 as confidence, u.evidence, u.is_primary::boolean as is_primary
    from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
      as u(left_id, right_id, because, confidence, evidence, is_primary)
), written as (
  insert into ${table} as m (${left}, ${right}${columns})
  select g.left_id::${left_type}, g.right_id::${right_type}${values} from given g
  on conflict (${left}, ${right}) do nothing
  returning m.${left}::text as left_id, m.${right}::text as right_id, ${row_hash} as row_hash
), noted as (
  insert into pgfold.mapped (run, step, mapping, left_id, right_id, because, confidence, evidence, is_primary, is_new, row_hash)
  select $1::bigint, $2::bigint, ${name}, g.left_id, g.right_id, g.because, g.confidence, g.evidence, g.is_primary, w.left_id is not null, w.row_hash
    from given g left join written w on w.left_id = g.left_id and w.right_id = g.right_id
  returning is_new
)
select count(*) filter (where is_new)::text from noted

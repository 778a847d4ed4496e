-- one row: the accounting of a range that is one row which the server refused
with refused as (
  insert into pgfold.reject (run, source, id, code, object, message, content)
  select $1::bigint, ${source_name}, ${id}, $4::text, $5::text, $6::text, ${whole_row}
    from ${source} as ${alias} where ${range}
  returning id
), walked as (
  insert into ${crosswalk} (run, source, id, outcome, reason_code, reason_detail, source_hash, detail)
  select $1::bigint, ${source_name}, ${id}, 'rejected', $4::text, $5::text, ${hash}, ${whole_row}
    from ${source} as ${alias} where ${range}
  returning id
)
select jsonb_build_object('read', (select count(*) from ${source} as ${alias} where ${range}), 'inserted', 0, 'merged', 0,
  'duplicate', 0, 'duplicate_in_source', 0, 'filtered', 0, 'rejected', (select count(*) from walked), 'unchanged', 0, 'pending', 0,
  'unresolved', 0, 'refused', (select count(*) from refused))::text

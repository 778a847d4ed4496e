-- one row: blocks of $1's rows and of its indexes that were asked for so far
select (s.heap_blks_read + s.heap_blks_hit + coalesce(s.toast_blks_read + s.toast_blks_hit, 0))::float8 as rows,
       coalesce(s.idx_blks_read + s.idx_blks_hit, 0)::float8 as indexes
  from pg_statio_user_tables s where s.relid = to_regclass($1::text)

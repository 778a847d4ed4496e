-- runs since the backup are gone with what they wrote
with gone as (
  update pgfold.run set state = 'rolled back', undone_level = 'schema', undone_at = clock_timestamp()
   where requested_at > to_timestamp($1::bigint) and undone_level is distinct from 'schema' and changed returning run
)
update pgfold.step s set state = 'undone' from gone g where g.run = s.run and s.state in ('done', 'running')

-- a row is a consolidation whose runs since $1 (seconds since 1970) stand, and the tables and views that they made
select r.consolidation, coalesce(array_agg(distinct a.name) filter (where a.name is not null), '{}') as made
  from pgfold.run r
  left join lateral (select split_part(a #>> '{}', ' ', 2) as name from jsonb_path_query(r.plan, '$.steps[*].action.**.appears[*]') a
                      where a #>> '{}' ~ '^(table|view) ') a on true
 where r.changed and r.undone_level is distinct from 'schema' and r.requested_at > to_timestamp($1::bigint)
 group by r.consolidation order by r.consolidation

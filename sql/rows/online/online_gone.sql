-- one row: how many target rows of this run nobody wants any more, and how many of them are referred to
with wanted as materialized (
  select pgfold_t.${id}::text as id from (${keys}) k join ${target} pgfold_t on pgfold_t.${key}::text = k.key where $2::boolean
  union all
  select x.target_id from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id is not null
), unwanted as materialized (
  select l.target_id, l.revived from pgfold.late l
   where l.run = $1::bigint and l.target_id is not null and not exists (select from wanted w where w.id = l.target_id)
), referred as materialized (
  ${referred}
)
select count(*) as rows, (select count(distinct r.id) from referred r) as referred,
       coalesce(jsonb_agg(u.target_id) filter (where not u.revived), '[]') as ids, coalesce(jsonb_agg(u.target_id) filter (where u.revived), '[]') as revived
  from unwanted u

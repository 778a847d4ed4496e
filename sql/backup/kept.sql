-- a row is a table of a backup of the tables $1: those with their partitions, and whatever their rows refer to
with recursive asked as (
  select to_regclass(t)::oid as oid from unnest($1::text[]) t where to_regclass(t) is not null
  union
  select i.inhrelid from pg_inherits i join asked a on a.oid = i.inhparent
),
kept as (
  select oid from asked
  union
  select x.oid from kept k cross join lateral (
    select f.confrelid as oid from pg_constraint f where f.contype = 'f' and f.conrelid = k.oid
    union all
    select i.inhrelid from pg_inherits i where i.inhparent = k.oid
  ) x
)
select format('%I.%I', n.nspname, c.relname) as name, k.oid in (select oid from asked) as touched
  from kept k join pg_class c on c.oid = k.oid join pg_namespace n on n.oid = c.relnamespace
 order by n.nspname collate "C", c.relname collate "C"

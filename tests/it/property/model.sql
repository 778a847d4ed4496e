-- Each row's outcome by the rules; null where a row that the target holds would be merged, or raises before that is known.
create table oracle.model as
with held as (select $held as key, to_jsonb(t) as t from things t),
row_by_row as (
  select w.*, exists (select from oracle.raises r where r.source = w.source and r.id = w.id) as raises, sh, h.key is not null as held, (h.key is not null and ($gaps)) as gap, to_jsonb(x.e) #>> '{}' as entry
    from oracle.raw w
    left join oracle.shadow sh on sh.o_source = w.source and sh.o_id = w.id
    left join held h on h.key = w.key
    left join lateral (select ($entry)::text as e from (select sh.*) q) x on sh.o_id is not null
),
told_apart as (
  select q.*, bool_or(q.apart) over (partition by q.key) as joined
    from (select r.*, r.joins and count(*) filter (where r.kept and not r.raises) over (partition by r.source, r.key) > 1 as apart from row_by_row r) q
),
seen as (
  select q.*, q.entry is not null and exists (select from things where ($entry)::text = q.entry) as taken from told_apart q
),
-- who would be rejected wins nothing
by_key as (
  select q.*, row_number() over best as of_key, first_value(q.taken) over best as best_taken,
         row_number() over (partition by q.key order by q.code is not null, q.place, q.rank) as of_all
    from seen q
  window best as (partition by q.key, q.kept and not q.held order by q.code is not null, q.taken, q.place, q.rank)
),
ranked as (
  select q.*, row_number() over (partition by q.entry, q.code is null and q.kept and not q.held and q.of_key = 1 order by q.place, q.rank) as of_entry
    from by_key q
),
-- a winner that is rejected for its entry leaves its key to the next, whose entry may meet others': more than this model knows
left_over as (
  select r.key from ranked r where r.kept and not r.held and r.code is null and r.of_key = 1 and r.entry is not null and r.of_entry > 1 and not r.taken
),
unsure as (
  select r.source, r.id from ranked r
   where r.kept and not r.held and r.code is null
     and (r.key in (select l.key from left_over l) and r.of_key > 1
          or r.entry in (select n.entry from ranked n join left_over l on l.key = n.key where n.of_key > 1))
)
select q.source, q.id, q.code, q.raises, count(*) over (partition by q.key) = 1 and q.w is null as untouched,
       case when not q.kept then 'filtered'
            when q.held and q.code is not null then case when not (q.raises or q.merges) then 'duplicate' end
            when q.held and q.merges and q.gap then case when q.of_all = 1 then 'merged' end
            when q.held then 'duplicate'
            when q.code is not null then 'rejected'
            when q.joined then 'rejected'
            when (q.source, q.id) in (select u.source, u.id from unsure u) then null
            when q.of_key > 1 and q.best_taken then 'rejected'
            when q.of_key > 1 then 'duplicate_in_source'
            when q.entry is not null and (q.of_entry > 1 or q.taken) then 'rejected'
            when $alike and exists (select from things t where lower(t.name) = lower((q.sh).name)) then 'duplicate'
            else 'inserted' end as outcome
  from ranked q;

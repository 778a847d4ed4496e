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
ranked as (
  select q.*, q.code is null and q.kept and not q.held as new,
         row_number() over (partition by q.key, q.kept and not q.held order by q.code is not null, q.place, q.rank) as of_key,
         row_number() over (partition by q.entry, q.code is null and q.kept and not q.held order by q.place, q.rank) as of_entry,
         row_number() over (partition by q.key order by q.code is not null, q.place, q.rank) as of_all
    from told_apart q
)
select q.source, q.id, q.code, q.raises, count(*) over (partition by q.key) = 1 and q.w is null as untouched,
       case when not q.kept then 'filtered'
            when q.held and q.code is not null then case when not (q.raises or q.merges) then 'duplicate' end
            when q.held and q.merges and q.gap then case when q.of_all = 1 then 'merged' end
            when q.held then 'duplicate'
            when q.code is not null then 'rejected'
            when q.joined then 'rejected'
            when q.of_key > 1 then 'duplicate_in_source'
            when q.entry is not null and (q.of_entry > 1 or exists (select from things where ($entry)::text = q.entry)) then 'rejected'
            when $alike and exists (select from things t where lower(t.name) = lower((q.sh).name)) then 'duplicate'
            else 'inserted' end as outcome
  from ranked q;

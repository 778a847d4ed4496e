-- 4/action/Move/cut/by_rows
-- a row is the upper end of a batch of $1 rows
select q.upto from (
  select array[("old_guests"."no")::text] as upto, row_number() over (order by "old_guests"."no") as n from "public"."old_guests" as "old_guests"
) q where q.n % $1::bigint = 0 order by q.n

-- 4/action/Move/cut/by_size
-- a row is the upper end of a batch of at most $1 rows and, but for its last row, $2 bytes
select q.upto from (
  select array[("old_guests"."no")::text] as upto, row_number() over w as n, least(coalesce(pg_column_size("old_guests"."no"), 0)::bigint + coalesce(octet_length("old_guests"."mail"), 0)::bigint + coalesce(octet_length("old_guests"."full_name"), 0)::bigint + coalesce(octet_length("old_guests"."house"), 0)::bigint + coalesce(octet_length("old_guests"."nights"), 0)::bigint + coalesce(octet_length("old_guests"."born"), 0)::bigint + coalesce(octet_length("old_guests"."card"), 0)::bigint, 2000000000)::integer as size, sum(least(coalesce(pg_column_size("old_guests"."no"), 0)::bigint + coalesce(octet_length("old_guests"."mail"), 0)::bigint + coalesce(octet_length("old_guests"."full_name"), 0)::bigint + coalesce(octet_length("old_guests"."house"), 0)::bigint + coalesce(octet_length("old_guests"."nights"), 0)::bigint + coalesce(octet_length("old_guests"."born"), 0)::bigint + coalesce(octet_length("old_guests"."card"), 0)::bigint, 2000000000)::integer) over w as bytes
    from "public"."old_guests" as "old_guests"
  window w as (order by "old_guests"."no" rows unbounded preceding)
) q where q.n % $1::bigint = 0 or q.bytes / $2::bigint > (q.bytes - q.size) / $2::bigint order by q.n

-- 4/action/Move/cut/narrow
-- one row: whether batches of $1 rows stay below half of $2 bytes, by the first rows and by where values are kept
select c.relkind = 'r' and coalesce(pg_relation_size(nullif(c.reltoastrelid, 0)), 0) = 0
   and (select coalesce(avg(q.size), 0) from (select least(coalesce(pg_column_size("old_guests"."no"), 0)::bigint + coalesce(octet_length("old_guests"."mail"), 0)::bigint + coalesce(octet_length("old_guests"."full_name"), 0)::bigint + coalesce(octet_length("old_guests"."house"), 0)::bigint + coalesce(octet_length("old_guests"."nights"), 0)::bigint + coalesce(octet_length("old_guests"."born"), 0)::bigint + coalesce(octet_length("old_guests"."card"), 0)::bigint, 2000000000)::integer as size from "public"."old_guests" as "old_guests" limit 1000) q) * $1::bigint <= $2::bigint / 2 as narrow
  from pg_class c where c.oid = '"public"."old_guests"'::regclass

-- 4/action/Move/batch
-- one row: what became of the rows of one batch
with classified as materialized (
  select c."mail", c."name", c."house", c."nights", c."born", c."card", c."rest", c.pgfold_id, c.pgfold_i0, c.pgfold_key, c.pgfold_hash, c.pgfold_wrong, c.pgfold_defaulted, c.pgfold_lossy, c.pgfold_held,
         c.pgfold_standing_target, c.pgfold_gone, c.pgfold_winner_source, c.pgfold_winner, c.pgfold_fills, c.pgfold_outcome, c.pgfold_reason,
         c.pgfold_revived, c.pgfold_takes_over, c.pgfold_standing_run, c.pgfold_standing_hash, c.pgfold_dead
  from (
  -- a row is a shaped row with its outcome
  select j.*,
         case
           when j.pgfold_unchanged then 'unchanged'
           when not (true) then 'pending'
           when cardinality(j.pgfold_wrong) > 0 then 'rejected'
           when j.pgfold_revived then case when j.pgfold_verdict in ('unique', 'ambiguous_key') or j.pgfold_taken is not null then 'rejected' else 'inserted' end
           when j.pgfold_takes_over then 'merged'
           when j.pgfold_held is not null and j.pgfold_winner_here then 'duplicate_in_source'
           when j.pgfold_dead then 'rejected'
           when j.pgfold_held is not null and cardinality(j.pgfold_fills) > 0 then 'merged'
           when j.pgfold_held is not null then 'duplicate'
           when j.pgfold_verdict = 'ambiguous_key' then 'rejected'
           when j.pgfold_verdict = 'lost' then 'duplicate_in_source'
           when j.pgfold_verdict = 'unique' or j.pgfold_taken is not null then 'rejected'
           when j.pgfold_verdict = 'secondary_match_skip' then 'duplicate'
           else 'inserted'
         end as pgfold_outcome,
         case
           when j.pgfold_unchanged then 'earlier_run ' || j.pgfold_standing_run
           when not (true) then 'left_out'
           when cardinality(j.pgfold_wrong) > 0 then j.pgfold_wrong[1]
           when j.pgfold_revived then case when j.pgfold_verdict = 'ambiguous_key' then '23505 the key joins rows that the source keeps apart'
             when j.pgfold_verdict = 'unique' then j.pgfold_verdict_reason else coalesce(j.pgfold_taken, 'revived') end
           when j.pgfold_held is not null and j.pgfold_winner_here then 'key'
           when j.pgfold_dead then '23505 the key is held by a row that is not live'
           when j.pgfold_held is not null and j.pgfold_standing_run is not null then case when j.pgfold_edited then 'changed_and_edited ' else 'changed_since_run ' end || j.pgfold_standing_run
           when j.pgfold_held is not null then 'key'
           when j.pgfold_verdict = 'ambiguous_key' then '23505 the key joins rows that the source keeps apart'
           when j.pgfold_verdict = 'lost' then 'key'
           when j.pgfold_verdict = 'unique' then j.pgfold_verdict_reason
           when j.pgfold_taken is not null then j.pgfold_taken
           when j.pgfold_verdict in ('secondary_match_skip', 'secondary_match') then j.pgfold_verdict_reason
           when false then 'deleted_since ' || j.pgfold_standing_run
         -- a code, then what it is about
         end as pgfold_reason
  from (
  select i.*,
         case when i.pgfold_held is null or i.pgfold_winner_here or i.pgfold_revived or i.pgfold_takes_over then i.pgfold_faults
              when i.pgfold_dead then '{}'
              when cardinality(i.pgfold_fills) > 0 then i.pgfold_merged_faults
              else '{}' end as pgfold_wrong
    from (
  select s.*,
         t.pgfold_tid as pgfold_held,
         st.run as pgfold_standing_run,
         st.target_id as pgfold_standing_target,
         st.target_hash as pgfold_standing_hash,
         g.target_id as pgfold_gone,
         v.verdict as pgfold_verdict,
         v.reason as pgfold_verdict_reason,
         v.winner_source as pgfold_winner_source,
         v.winner as pgfold_winner,
         (st.run is not null and t.pgfold_tid = st.target_id and st.source_hash = s.pgfold_hash) is true as pgfold_unchanged,
         (t.pgfold_tid is not null and not t.pgfold_live and (t.pgfold_tid = g.target_id) and v.verdict is distinct from 'lost') is true as pgfold_revived,
         false as pgfold_takes_over,
         (t.pgfold_tid is not null and not t.pgfold_live and t.pgfold_tid is distinct from st.target_id) is true as pgfold_dead,
         (st.run is not null and t.pgfold_thash <> st.target_hash) is true as pgfold_edited,
         (v.verdict = 'lost' and (v.winner_target = t.pgfold_tid or not v.key_held)) is true as pgfold_winner_here,
         case when (v.verdict = 'lost' and v.winner_source in (null)) or false or (t.pgfold_tid is not null and not t.pgfold_live and t.pgfold_tid is distinct from st.target_id) is true then '{}' else array_remove(array[]::text[], null) end as pgfold_fills,
         '{}'::text[] as pgfold_merged_faults,
         null::text as pgfold_taken
    from (
  -- a row is a source row as the target row it would become, with what is wrong with it
  select q.*,
         ("q"."mail")::text as pgfold_key,
         null::text as pgfold_alike,
         array_remove(array[case when (q."mail" is null or btrim(q."mail"::text) = '') then '23502 mail' end,
           case when (q."pgfold_r2" is null or btrim(q."pgfold_r2"::text) = '') then '23502 name' end,
           case when char_length(q."pgfold_r2") > 10 then '22001 name' end,
           case when q."nights" is not distinct from null then '23502 nights' end,
           case when q."rest" is not distinct from null then '23502 rest' end,
           case when q."house" is not null and not exists (select from "public"."houses" r where r."house" = q."house") then '23503 guests_house_fkey' end,
           case when not (nights > 0) then '23514 guests_nights_check' end,
           case when not (not vip or nights > 2) then '23514 guests_vip_stays' end,
           (select 'unmapped ' || u from unnest(q.pgfold_unmapped) u limit 1)]::text[], null) as pgfold_faults,
         nullif(array_remove(array[case when q."name"::character varying is distinct from q."pgfold_r2" then 'name' end]::text[], null), '{}') as pgfold_lossy,
         case when not (("card") is not distinct from null) and (card <> '') then row(("card")) end as pgfold_u2,
         ("card") as pgfold_u2_0
  from (
select q.*, q."pgfold_r2"::varchar(10) as "name"
    from (
  -- a row is a source row with the values that its target row would be given
  select ("old_guests"."no")::text as pgfold_id,
         hash_array_extended(array["old_guests"."no"::text, "old_guests"."mail"::text, "old_guests"."full_name"::text, "old_guests"."house"::text, "old_guests"."nights"::text, "old_guests"."born"::text, "old_guests"."card"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
         "old_guests"."no" as pgfold_i0,
         no as pgfold_w0,
         null::text[] as pgfold_defaulted,
         null::text[] as pgfold_unmapped,
         null::text[] as pgfold_cut,
         null::text[] as pgfold_narrowed,
         (lower(mail))::text as "mail",
         (full_name)::character varying as "pgfold_r2",
         (house)::text as "house",
         (nights::int)::integer as "nights",
         (born::date)::date as "born",
         (card)::text as "card",
         jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'old_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('no', "old_guests"."no", 'mail', "old_guests"."mail", 'nights', "old_guests"."nights", 'born', "old_guests"."born")))) as "rest",
         (null)::bigint as "guest_id",
         (null)::date as "left_on",
         (false)::boolean as "vip",
         case when coalesce(pg_column_size("old_guests"."no"), 0) + coalesce(pg_column_size("old_guests"."mail"), 0) + coalesce(pg_column_size("old_guests"."nights"), 0) + coalesce(pg_column_size("old_guests"."born"), 0) + 0 > 100000 then pg_column_size(jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'old_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('no', "old_guests"."no", 'mail', "old_guests"."mail", 'nights', "old_guests"."nights", 'born', "old_guests"."born"))))) end as pgfold_big
    from "public"."old_guests" as "old_guests"
   where (($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer)) and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.id = ("old_guests"."no")::text) is distinct from 'raises')) and coalesce((true), false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
  offset 0
  ) q
  offset 0

    ) s
    left join lateral (select pgfold_t.*, ("pgfold_t"."guest_id")::text as pgfold_tid, ("pgfold_t"."mail")::text as pgfold_tkey, coalesce((left_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."guests" pgfold_t where true
 and pgfold_t."mail" = s."mail" limit 1) t on true
    left join lateral (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on true
    left join (select null::text as id, null::text as target_id, null::text as key_then, false as there where false) g on g.id = s.pgfold_id and (not g.there or g.key_then is not distinct from s.pgfold_key collate pg_catalog."C")
    left join lateral (select v.id, v.verdict, v.reason, v.winner_source, v.winner, v.key_held, null::text as winner_target
  from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.id = s.pgfold_id
   -- it speaks about what the row had then
   and v.claim is not distinct from case when v.claim_on is null then s.pgfold_key collate pg_catalog."C" when v.claim_on = -1 then s.pgfold_alike::text collate pg_catalog."C" when v.claim_on = 2 then s.pgfold_u2::text collate pg_catalog."C" end limit 1
) v on true
  offset 0
    ) i
  offset 0
  ) j

  ) c
),
inserted as (
  insert into "public"."guests" as pgfold_t ("mail", "name", "house", "nights", "born", "card", "rest") 
  select c."mail", c."name", c."house", c."nights", c."born", c."card", c."rest" from classified c where c.pgfold_outcome = 'inserted' and not c.pgfold_revived order by c.pgfold_key, c.pgfold_id
  on conflict ("mail") do nothing
  returning ("pgfold_t"."guest_id")::text as target_id, ("pgfold_t"."mail")::text as key, hash_array_extended(array["pgfold_t"."guest_id"::text, "pgfold_t"."mail"::text, "pgfold_t"."name"::text, "pgfold_t"."house"::text, "pgfold_t"."nights"::text, "pgfold_t"."born"::text, "pgfold_t"."card"::text, "pgfold_t"."rest"::text, "pgfold_t"."left_on"::text, "pgfold_t"."vip"::text]::text[] collate pg_catalog."C", 0) as target_hash, null::text[] as fills
),
written as (select * from inserted),
walked as (
  insert into "pgfold"."crosswalk" (run, source, id, outcome, key, target_id, reason_code, reason_detail, winner, source_hash, target_hash, detail)
  select $1::bigint, 'old_guests', c.pgfold_id, o.outcome, c.pgfold_key,
         coalesce(c.target_id, case when c.pgfold_outcome in ('unchanged', 'duplicate', 'duplicate_in_source') then c.pgfold_held end,
                  case when c.pgfold_outcome = 'duplicate' and split_part(c.pgfold_reason, ' ', 1) in ('secondary_key', 'secondary_key_not_live') then substr(c.pgfold_reason, length(split_part(c.pgfold_reason, ' ', 1)) + 2) end),
         split_part(o.reason, ' ', 1), nullif(substr(o.reason, length(split_part(o.reason, ' ', 1)) + 2), ''),
         case when c.pgfold_outcome = 'duplicate_in_source' then c.pgfold_winner_source || ' ' || c.pgfold_winner end,
         c.pgfold_hash, case when not c.is_twin then c.target_hash end,
         case when o.outcome in ('duplicate', 'duplicate_in_source', 'merged') then
           jsonb_strip_nulls(jsonb_build_object('filled', to_jsonb(nullif(case when not c.is_twin then coalesce(c.fills, c.pgfold_fills) end, '{}'))))
           || jsonb_build_object('row', (select (jsonb_strip_nulls(jsonb_build_object('no', "l"."no", 'mail', "l"."mail", 'full_name', "l"."full_name", 'house', "l"."house", 'nights', "l"."nights", 'born', "l"."born", 'card', "l"."card"))) from "public"."old_guests" l where l."no" operator(pg_catalog.=) c.pgfold_i0)) end
    from (
      -- a full join is never done row by row, however few rows the planner expects; each written row is one of ours
      select c."pgfold_id", c."pgfold_outcome", c."pgfold_key", c."pgfold_held", c."pgfold_reason", c."pgfold_winner_source", c."pgfold_winner", c."pgfold_hash", c."pgfold_fills", c.pgfold_i0, w.target_id, w.target_hash, w.fills,
             -- rows that came to share a key since conflicts were resolved: the first was written, the others are resolved again
             w.target_id is not null and row_number() over (partition by w.target_id order by c.pgfold_outcome, c.pgfold_id) > 1 as is_twin
        from (select * from classified i where i.pgfold_outcome in ('inserted', 'merged')) c full join written w on w.key = c.pgfold_key
       -- a trigger may have changed the key: that is counted below
       where (c.pgfold_id is null) is not true
      union all
      select c."pgfold_id", c."pgfold_outcome", c."pgfold_key", c."pgfold_held", c."pgfold_reason", c."pgfold_winner_source", c."pgfold_winner", c."pgfold_hash", c."pgfold_fills", c.pgfold_i0, null, null, null, false from classified c where c.pgfold_outcome not in ('inserted', 'merged')
    ) c
   cross join lateral (select case when c.is_twin then 'duplicate' else c.pgfold_outcome end as outcome,
                              case when c.is_twin then 'concurrent_write' else c.pgfold_reason end as reason) o
  union all
  select $1::bigint, 'old_guests', ("old_guests"."no")::text, 'filtered', null, null, 'where', null, null, hash_array_extended(array["old_guests"."no"::text, "old_guests"."mail"::text, "old_guests"."full_name"::text, "old_guests"."house"::text, "old_guests"."nights"::text, "old_guests"."born"::text, "old_guests"."card"::text]::text[] collate pg_catalog."C", 0), null, null
    from "public"."old_guests" as "old_guests" where (($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))) and not coalesce((true), false)
  union all
  select $1::bigint, 'old_guests', ("old_guests"."no")::text, 'rejected', null, null, split_part(pgfold_raised, ' ', 1), nullif(substr(pgfold_raised, length(split_part(pgfold_raised, ' ', 1)) + 2), ''), null, hash_array_extended(array["old_guests"."no"::text, "old_guests"."mail"::text, "old_guests"."full_name"::text, "old_guests"."house"::text, "old_guests"."nights"::text, "old_guests"."born"::text, "old_guests"."card"::text]::text[] collate pg_catalog."C", 0), null, (jsonb_strip_nulls(jsonb_build_object('no', "old_guests"."no", 'mail', "old_guests"."mail", 'full_name', "old_guests"."full_name", 'house', "old_guests"."house", 'nights', "old_guests"."nights", 'born', "old_guests"."born", 'card', "old_guests"."card")))
    from "public"."old_guests" as "old_guests"
    -- the filter names the source's columns, and must not meet the ledger's
    cross join lateral (select v.reason from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.verdict = 'raises' and v.id = ("old_guests"."no")::text limit 1) pgfold_v(pgfold_raised)
   where (($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))) and coalesce((true), false) and not (select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.verdict = 'raises'))
  returning outcome, target_id
),
refused as (
  insert into pgfold.reject (run, source, id, code, object, message, content)
  select $1::bigint, 'old_guests', c.pgfold_id, split_part(pgfold_f, ' ', 1), substr(pgfold_f, strpos(pgfold_f, ' ') + 1), null,
         (select (jsonb_strip_nulls(jsonb_build_object('no', "l"."no", 'mail', "l"."mail", 'full_name', "l"."full_name", 'house', "l"."house", 'nights', "l"."nights", 'born', "l"."born", 'card', "l"."card"))) from "public"."old_guests" l where l."no" operator(pg_catalog.=) c.pgfold_i0)
    from classified c cross join unnest(case when cardinality(c.pgfold_wrong) > 0 then c.pgfold_wrong else array[c.pgfold_reason] end) pgfold_g(pgfold_f)
   where c.pgfold_outcome = 'rejected'
  returning 1
)
select jsonb_build_object(
  'read', (select count(*) from "public"."old_guests" as "old_guests" where ($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))),
  'inserted', count(*) filter (where outcome = 'inserted'),
  'merged', count(*) filter (where outcome = 'merged'),
  'duplicate', count(*) filter (where outcome = 'duplicate'),
  'duplicate_in_source', count(*) filter (where outcome = 'duplicate_in_source'),
  'filtered', count(*) filter (where outcome = 'filtered'),
  'rejected', count(*) filter (where outcome = 'rejected'),
  'unchanged', count(*) filter (where outcome = 'unchanged'),
  'pending', count(*) filter (where outcome = 'pending'),
  'renamed', (select count(*) from written) - count(*) filter (where outcome in ('inserted', 'merged') and target_id is not null),
  'unresolved', count(*) filter (where outcome in ('inserted', 'merged') and target_id is null),
  'defaulted', null::jsonb,
  'lossy', (select jsonb_object_agg(x.d, x.n)
     from (select u.d, count(*) as n from classified c cross join unnest(c."pgfold_lossy") u(d)
            where c.pgfold_outcome in ('inserted', 'merged', 'unchanged') group by u.d) x)
,
  'refused', (select count(*) from refused)
)::text from walked

-- 4/action/Move/resolve
-- one row: rows whose key the application wrote while we did, and rows that vanished
with found as (
  update "pgfold"."crosswalk" x set outcome = 'duplicate', target_id = ("pgfold_t"."guest_id")::text, target_hash = null, reason_code = 'concurrent_write', reason_detail = null,
         detail = jsonb_build_object('row', (select (jsonb_strip_nulls(jsonb_build_object('no', "old_guests"."no", 'mail', "old_guests"."mail", 'full_name', "old_guests"."full_name", 'house', "old_guests"."house", 'nights', "old_guests"."nights", 'born', "old_guests"."born", 'card', "old_guests"."card"))) from "public"."old_guests" as "old_guests" where ("old_guests"."no")::text = x.id))
    from (select *, xmin as pgfold_xmin from "public"."guests" where true) pgfold_t
   where x.run = $1::bigint and x.source = 'old_guests' and x.outcome = 'inserted' and x.target_id is null and pgfold_t."mail" = x.key::text
     -- what a trigger of our own insert put there is no row of the application
     and pg_visible_in_snapshot((pg_current_xact_id()::text::numeric
           + mod(pgfold_t.pgfold_xmin::text::numeric - mod(pg_current_xact_id()::text::numeric, 4294967296) + 4294967296, 4294967296)
           - case when mod(pgfold_t.pgfold_xmin::text::numeric - mod(pg_current_xact_id()::text::numeric, 4294967296) + 4294967296, 4294967296) >= 2147483648
                  then 4294967296 else 0 end)::text::xid8, pg_current_snapshot())
  returning 1
)
-- both sides of this see the crosswalk as it was before
select jsonb_build_object('found', (select count(*) from found),
  -- rows that somebody wrote between the look at them and their lock
  'raced', (select count(*) from "pgfold"."crosswalk" x where x.run = $1::bigint and x.source = 'old_guests' and x.outcome = 'merged' and x.target_id is null),
  'open', (select count(*) from "pgfold"."crosswalk" x where x.run = $1::bigint and x.source = 'old_guests' and x.outcome in ('inserted', 'merged') and x.target_id is null)
          - (select count(*) from found))::text

-- 4/action/Move/halve
-- one row: how many rows a range has, and where its lower half ends
select count(*) as rows, (array_agg(q.upto order by q.n))[greatest(count(*) / 2, 1)] as middle
  from (select to_jsonb(array[("old_guests"."no")::text]) as upto, row_number() over (order by "old_guests"."no") as n
          from "public"."old_guests" as "old_guests" where ($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))) q

-- 4/action/Move/reject_one
-- one row: the accounting of a range that is one row which the server refused
with refused as (
  insert into pgfold.reject (run, source, id, code, object, message, content)
  select $1::bigint, 'old_guests', ("old_guests"."no")::text, $4::text, $5::text, $6::text, (jsonb_strip_nulls(jsonb_build_object('no', "old_guests"."no", 'mail', "old_guests"."mail", 'full_name', "old_guests"."full_name", 'house', "old_guests"."house", 'nights', "old_guests"."nights", 'born', "old_guests"."born", 'card', "old_guests"."card")))
    from "public"."old_guests" as "old_guests" where ($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))
  returning id
), walked as (
  insert into "pgfold"."crosswalk" (run, source, id, outcome, reason_code, reason_detail, source_hash, detail)
  select $1::bigint, 'old_guests', ("old_guests"."no")::text, 'rejected', $4::text, $5::text, hash_array_extended(array["old_guests"."no"::text, "old_guests"."mail"::text, "old_guests"."full_name"::text, "old_guests"."house"::text, "old_guests"."nights"::text, "old_guests"."born"::text, "old_guests"."card"::text]::text[] collate pg_catalog."C", 0), (jsonb_strip_nulls(jsonb_build_object('no', "old_guests"."no", 'mail', "old_guests"."mail", 'full_name', "old_guests"."full_name", 'house', "old_guests"."house", 'nights', "old_guests"."nights", 'born', "old_guests"."born", 'card', "old_guests"."card")))
    from "public"."old_guests" as "old_guests" where ($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))
  returning id
)
select jsonb_build_object('read', (select count(*) from "public"."old_guests" as "old_guests" where ($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))), 'inserted', 0, 'merged', 0,
  'duplicate', 0, 'duplicate_in_source', 0, 'filtered', 0, 'rejected', (select count(*) from walked), 'unchanged', 0, 'pending', 0,
  'unresolved', 0, 'refused', (select count(*) from refused))::text

-- 5/action/Move/cut/by_rows
-- a row is the upper end of a batch of $1 rows
select q.upto from (
  select array[("web_guests"."id")::text] as upto, row_number() over (order by "web_guests"."id") as n from "public"."web_guests" as "web_guests"
) q where q.n % $1::bigint = 0 order by q.n

-- 5/action/Move/cut/by_size
-- a row is the upper end of a batch of at most $1 rows and, but for its last row, $2 bytes
select q.upto from (
  select array[("web_guests"."id")::text] as upto, row_number() over w as n, least(coalesce(pg_column_size("web_guests"."id"), 0)::bigint + coalesce(octet_length("web_guests"."mail"), 0)::bigint + coalesce(octet_length("web_guests"."name"), 0)::bigint + coalesce(pg_column_size("web_guests"."stay"), 0)::bigint + coalesce(octet_length("web_guests"."card"), 0)::bigint, 2000000000)::integer as size, sum(least(coalesce(pg_column_size("web_guests"."id"), 0)::bigint + coalesce(octet_length("web_guests"."mail"), 0)::bigint + coalesce(octet_length("web_guests"."name"), 0)::bigint + coalesce(pg_column_size("web_guests"."stay"), 0)::bigint + coalesce(octet_length("web_guests"."card"), 0)::bigint, 2000000000)::integer) over w as bytes
    from "public"."web_guests" as "web_guests"
  window w as (order by "web_guests"."id" rows unbounded preceding)
) q where q.n % $1::bigint = 0 or q.bytes / $2::bigint > (q.bytes - q.size) / $2::bigint order by q.n

-- 5/action/Move/cut/narrow
-- one row: whether batches of $1 rows stay below half of $2 bytes, by the first rows and by where values are kept
select c.relkind = 'r' and coalesce(pg_relation_size(nullif(c.reltoastrelid, 0)), 0) = 0
   and (select coalesce(avg(q.size), 0) from (select least(coalesce(pg_column_size("web_guests"."id"), 0)::bigint + coalesce(octet_length("web_guests"."mail"), 0)::bigint + coalesce(octet_length("web_guests"."name"), 0)::bigint + coalesce(pg_column_size("web_guests"."stay"), 0)::bigint + coalesce(octet_length("web_guests"."card"), 0)::bigint, 2000000000)::integer as size from "public"."web_guests" as "web_guests" limit 1000) q) * $1::bigint <= $2::bigint / 2 as narrow
  from pg_class c where c.oid = '"public"."web_guests"'::regclass

-- 5/action/Move/batch
-- as 4/action/Move/batch, but for:
@@ -1,5 +1,5 @@
 -- one row: what became of the rows of one batch
 with classified as materialized (
-  select c."mail", c."name", c."house", c."nights", c."born", c."card", c."rest", c.pgfold_id, c.pgfold_i0, c.pgfold_key, c.pgfold_hash, c.pgfold_wrong, c.pgfold_defaulted, c.pgfold_lossy, c.pgfold_held,
+  select c."mail", c."name", c."nights", c."card", c."rest", c.pgfold_id, c.pgfold_i0, c.pgfold_key, c.pgfold_hash, c.pgfold_wrong, c.pgfold_defaulted, c.pgfold_lossy, c.pgfold_held,
          c.pgfold_standing_target, c.pgfold_gone, c.pgfold_winner_source, c.pgfold_winner, c.pgfold_fills, c.pgfold_outcome, c.pgfold_reason,
          c.pgfold_revived, c.pgfold_takes_over, c.pgfold_standing_run, c.pgfold_standing_hash, c.pgfold_dead
@@ -77,5 +77,4 @@
            case when q."nights" is not distinct from null then '23502 nights' end,
            case when q."rest" is not distinct from null then '23502 rest' end,
-           case when q."house" is not null and not exists (select from "public"."houses" r where r."house" = q."house") then '23503 guests_house_fkey' end,
            case when not (nights > 0) then '23514 guests_nights_check' end,
            case when not (not vip or nights > 2) then '23514 guests_vip_stays' end,
@@ -88,8 +87,8 @@
     from (
   -- a row is a source row with the values that its target row would be given
-  select ("old_guests"."no")::text as pgfold_id,
-         hash_array_extended(array["old_guests"."no"::text, "old_guests"."mail"::text, "old_guests"."full_name"::text, "old_guests"."house"::text, "old_guests"."nights"::text, "old_guests"."born"::text, "old_guests"."card"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
-         "old_guests"."no" as pgfold_i0,
-         no as pgfold_w0,
+  select ("web_guests"."id")::text as pgfold_id,
+         hash_array_extended(array["web_guests"."id"::text, "web_guests"."mail"::text, "web_guests"."name"::text, "web_guests"."stay"::text, "web_guests"."card"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
+         "web_guests"."id" as pgfold_i0,
+         id as pgfold_w0,
          null::text[] as pgfold_defaulted,
          null::text[] as pgfold_unmapped,
@@ -97,16 +96,16 @@
          null::text[] as pgfold_narrowed,
          (lower(mail))::text as "mail",
-         (full_name)::character varying as "pgfold_r2",
-         (house)::text as "house",
-         (nights::int)::integer as "nights",
-         (born::date)::date as "born",
+         (name)::character varying as "pgfold_r2",
+         (coalesce(stay, 1))::integer as "nights",
          (card)::text as "card",
-         jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'old_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('no', "old_guests"."no", 'mail', "old_guests"."mail", 'nights', "old_guests"."nights", 'born', "old_guests"."born")))) as "rest",
+         jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'web_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'stay', "web_guests"."stay")))) as "rest",
          (null)::bigint as "guest_id",
+         (null)::text as "house",
+         (null)::date as "born",
          (null)::date as "left_on",
          (false)::boolean as "vip",
-         case when coalesce(pg_column_size("old_guests"."no"), 0) + coalesce(pg_column_size("old_guests"."mail"), 0) + coalesce(pg_column_size("old_guests"."nights"), 0) + coalesce(pg_column_size("old_guests"."born"), 0) + 0 > 100000 then pg_column_size(jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'old_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('no', "old_guests"."no", 'mail', "old_guests"."mail", 'nights', "old_guests"."nights", 'born', "old_guests"."born"))))) end as pgfold_big
-    from "public"."old_guests" as "old_guests"
-   where (($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer)) and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.id = ("old_guests"."no")::text) is distinct from 'raises')) and coalesce((true), false)
+         case when coalesce(pg_column_size("web_guests"."id"), 0) + coalesce(pg_column_size("web_guests"."mail"), 0) + coalesce(pg_column_size("web_guests"."stay"), 0) + 0 > 100000 then pg_column_size(jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'web_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'stay', "web_guests"."stay"))))) end as pgfold_big
+    from "public"."web_guests" as "web_guests"
+   where (($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid)) and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.id = ("web_guests"."id")::text) is distinct from 'raises')) and coalesce((true), false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -123,5 +122,5 @@
     left join (select null::text as id, null::text as target_id, null::text as key_then, false as there where false) g on g.id = s.pgfold_id and (not g.there or g.key_then is not distinct from s.pgfold_key collate pg_catalog."C")
     left join lateral (select v.id, v.verdict, v.reason, v.winner_source, v.winner, v.key_held, null::text as winner_target
-  from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.id = s.pgfold_id
+  from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.id = s.pgfold_id
    -- it speaks about what the row had then
    and v.claim is not distinct from case when v.claim_on is null then s.pgfold_key collate pg_catalog."C" when v.claim_on = -1 then s.pgfold_alike::text collate pg_catalog."C" when v.claim_on = 2 then s.pgfold_u2::text collate pg_catalog."C" end limit 1
@@ -135,6 +134,6 @@
 ),
 inserted as (
-  insert into "public"."guests" as pgfold_t ("mail", "name", "house", "nights", "born", "card", "rest") 
-  select c."mail", c."name", c."house", c."nights", c."born", c."card", c."rest" from classified c where c.pgfold_outcome = 'inserted' and not c.pgfold_revived order by c.pgfold_key, c.pgfold_id
+  insert into "public"."guests" as pgfold_t ("mail", "name", "nights", "card", "rest") 
+  select c."mail", c."name", c."nights", c."card", c."rest" from classified c where c.pgfold_outcome = 'inserted' and not c.pgfold_revived order by c.pgfold_key, c.pgfold_id
   on conflict ("mail") do nothing
   returning ("pgfold_t"."guest_id")::text as target_id, ("pgfold_t"."mail")::text as key, hash_array_extended(array["pgfold_t"."guest_id"::text, "pgfold_t"."mail"::text, "pgfold_t"."name"::text, "pgfold_t"."house"::text, "pgfold_t"."nights"::text, "pgfold_t"."born"::text, "pgfold_t"."card"::text, "pgfold_t"."rest"::text, "pgfold_t"."left_on"::text, "pgfold_t"."vip"::text]::text[] collate pg_catalog."C", 0) as target_hash, null::text[] as fills
@@ -143,5 +142,5 @@
 walked as (
   insert into "pgfold"."crosswalk" (run, source, id, outcome, key, target_id, reason_code, reason_detail, winner, source_hash, target_hash, detail)
-  select $1::bigint, 'old_guests', c.pgfold_id, o.outcome, c.pgfold_key,
+  select $1::bigint, 'web_guests', c.pgfold_id, o.outcome, c.pgfold_key,
          coalesce(c.target_id, case when c.pgfold_outcome in ('unchanged', 'duplicate', 'duplicate_in_source') then c.pgfold_held end,
                   case when c.pgfold_outcome = 'duplicate' and split_part(c.pgfold_reason, ' ', 1) in ('secondary_key', 'secondary_key_not_live') then substr(c.pgfold_reason, length(split_part(c.pgfold_reason, ' ', 1)) + 2) end),
@@ -151,5 +150,5 @@
          case when o.outcome in ('duplicate', 'duplicate_in_source', 'merged') then
            jsonb_strip_nulls(jsonb_build_object('filled', to_jsonb(nullif(case when not c.is_twin then coalesce(c.fills, c.pgfold_fills) end, '{}'))))
-           || jsonb_build_object('row', (select (jsonb_strip_nulls(jsonb_build_object('no', "l"."no", 'mail', "l"."mail", 'full_name', "l"."full_name", 'house', "l"."house", 'nights', "l"."nights", 'born', "l"."born", 'card', "l"."card"))) from "public"."old_guests" l where l."no" operator(pg_catalog.=) c.pgfold_i0)) end
+           || jsonb_build_object('row', (select (jsonb_strip_nulls(jsonb_build_object('id', ("l"."id")::text, 'mail', "l"."mail", 'name', "l"."name", 'stay', "l"."stay", 'card', "l"."card"))) from "public"."web_guests" l where l."id" operator(pg_catalog.=) c.pgfold_i0)) end
     from (
       -- a full join is never done row by row, however few rows the planner expects; each written row is one of ours
@@ -166,18 +165,18 @@
                               case when c.is_twin then 'concurrent_write' else c.pgfold_reason end as reason) o
   union all
-  select $1::bigint, 'old_guests', ("old_guests"."no")::text, 'filtered', null, null, 'where', null, null, hash_array_extended(array["old_guests"."no"::text, "old_guests"."mail"::text, "old_guests"."full_name"::text, "old_guests"."house"::text, "old_guests"."nights"::text, "old_guests"."born"::text, "old_guests"."card"::text]::text[] collate pg_catalog."C", 0), null, null
-    from "public"."old_guests" as "old_guests" where (($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))) and not coalesce((true), false)
+  select $1::bigint, 'web_guests', ("web_guests"."id")::text, 'filtered', null, null, 'where', null, null, hash_array_extended(array["web_guests"."id"::text, "web_guests"."mail"::text, "web_guests"."name"::text, "web_guests"."stay"::text, "web_guests"."card"::text]::text[] collate pg_catalog."C", 0), null, null
+    from "public"."web_guests" as "web_guests" where (($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid))) and not coalesce((true), false)
   union all
-  select $1::bigint, 'old_guests', ("old_guests"."no")::text, 'rejected', null, null, split_part(pgfold_raised, ' ', 1), nullif(substr(pgfold_raised, length(split_part(pgfold_raised, ' ', 1)) + 2), ''), null, hash_array_extended(array["old_guests"."no"::text, "old_guests"."mail"::text, "old_guests"."full_name"::text, "old_guests"."house"::text, "old_guests"."nights"::text, "old_guests"."born"::text, "old_guests"."card"::text]::text[] collate pg_catalog."C", 0), null, (jsonb_strip_nulls(jsonb_build_object('no', "old_guests"."no", 'mail', "old_guests"."mail", 'full_name', "old_guests"."full_name", 'house', "old_guests"."house", 'nights', "old_guests"."nights", 'born', "old_guests"."born", 'card', "old_guests"."card")))
-    from "public"."old_guests" as "old_guests"
+  select $1::bigint, 'web_guests', ("web_guests"."id")::text, 'rejected', null, null, split_part(pgfold_raised, ' ', 1), nullif(substr(pgfold_raised, length(split_part(pgfold_raised, ' ', 1)) + 2), ''), null, hash_array_extended(array["web_guests"."id"::text, "web_guests"."mail"::text, "web_guests"."name"::text, "web_guests"."stay"::text, "web_guests"."card"::text]::text[] collate pg_catalog."C", 0), null, (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'name', "web_guests"."name", 'stay', "web_guests"."stay", 'card', "web_guests"."card")))
+    from "public"."web_guests" as "web_guests"
     -- the filter names the source's columns, and must not meet the ledger's
-    cross join lateral (select v.reason from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.verdict = 'raises' and v.id = ("old_guests"."no")::text limit 1) pgfold_v(pgfold_raised)
-   where (($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))) and coalesce((true), false) and not (select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.verdict = 'raises'))
+    cross join lateral (select v.reason from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.verdict = 'raises' and v.id = ("web_guests"."id")::text limit 1) pgfold_v(pgfold_raised)
+   where (($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid))) and coalesce((true), false) and not (select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.verdict = 'raises'))
   returning outcome, target_id
 ),
 refused as (
   insert into pgfold.reject (run, source, id, code, object, message, content)
-  select $1::bigint, 'old_guests', c.pgfold_id, split_part(pgfold_f, ' ', 1), substr(pgfold_f, strpos(pgfold_f, ' ') + 1), null,
-         (select (jsonb_strip_nulls(jsonb_build_object('no', "l"."no", 'mail', "l"."mail", 'full_name', "l"."full_name", 'house', "l"."house", 'nights', "l"."nights", 'born', "l"."born", 'card', "l"."card"))) from "public"."old_guests" l where l."no" operator(pg_catalog.=) c.pgfold_i0)
+  select $1::bigint, 'web_guests', c.pgfold_id, split_part(pgfold_f, ' ', 1), substr(pgfold_f, strpos(pgfold_f, ' ') + 1), null,
+         (select (jsonb_strip_nulls(jsonb_build_object('id', ("l"."id")::text, 'mail', "l"."mail", 'name', "l"."name", 'stay', "l"."stay", 'card', "l"."card"))) from "public"."web_guests" l where l."id" operator(pg_catalog.=) c.pgfold_i0)
     from classified c cross join unnest(case when cardinality(c.pgfold_wrong) > 0 then c.pgfold_wrong else array[c.pgfold_reason] end) pgfold_g(pgfold_f)
    where c.pgfold_outcome = 'rejected'
@@ -185,5 +184,5 @@
 )
 select jsonb_build_object(
-  'read', (select count(*) from "public"."old_guests" as "old_guests" where ($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))),
+  'read', (select count(*) from "public"."web_guests" as "web_guests" where ($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid))),
   'inserted', count(*) filter (where outcome = 'inserted'),
   'merged', count(*) filter (where outcome = 'merged'),

-- 5/action/Move/resolve
-- as 4/action/Move/resolve, but for:
@@ -2,7 +2,7 @@
 with found as (
   update "pgfold"."crosswalk" x set outcome = 'duplicate', target_id = ("pgfold_t"."guest_id")::text, target_hash = null, reason_code = 'concurrent_write', reason_detail = null,
-         detail = jsonb_build_object('row', (select (jsonb_strip_nulls(jsonb_build_object('no', "old_guests"."no", 'mail', "old_guests"."mail", 'full_name', "old_guests"."full_name", 'house', "old_guests"."house", 'nights', "old_guests"."nights", 'born', "old_guests"."born", 'card', "old_guests"."card"))) from "public"."old_guests" as "old_guests" where ("old_guests"."no")::text = x.id))
+         detail = jsonb_build_object('row', (select (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'name', "web_guests"."name", 'stay', "web_guests"."stay", 'card', "web_guests"."card"))) from "public"."web_guests" as "web_guests" where ("web_guests"."id")::text = x.id))
     from (select *, xmin as pgfold_xmin from "public"."guests" where true) pgfold_t
-   where x.run = $1::bigint and x.source = 'old_guests' and x.outcome = 'inserted' and x.target_id is null and pgfold_t."mail" = x.key::text
+   where x.run = $1::bigint and x.source = 'web_guests' and x.outcome = 'inserted' and x.target_id is null and pgfold_t."mail" = x.key::text
      -- what a trigger of our own insert put there is no row of the application
      and pg_visible_in_snapshot((pg_current_xact_id()::text::numeric
@@ -15,5 +15,5 @@
 select jsonb_build_object('found', (select count(*) from found),
   -- rows that somebody wrote between the look at them and their lock
-  'raced', (select count(*) from "pgfold"."crosswalk" x where x.run = $1::bigint and x.source = 'old_guests' and x.outcome = 'merged' and x.target_id is null),
-  'open', (select count(*) from "pgfold"."crosswalk" x where x.run = $1::bigint and x.source = 'old_guests' and x.outcome in ('inserted', 'merged') and x.target_id is null)
+  'raced', (select count(*) from "pgfold"."crosswalk" x where x.run = $1::bigint and x.source = 'web_guests' and x.outcome = 'merged' and x.target_id is null),
+  'open', (select count(*) from "pgfold"."crosswalk" x where x.run = $1::bigint and x.source = 'web_guests' and x.outcome in ('inserted', 'merged') and x.target_id is null)
           - (select count(*) from found))::text

-- 5/action/Move/halve
-- one row: how many rows a range has, and where its lower half ends
select count(*) as rows, (array_agg(q.upto order by q.n))[greatest(count(*) / 2, 1)] as middle
  from (select to_jsonb(array[("web_guests"."id")::text]) as upto, row_number() over (order by "web_guests"."id") as n
          from "public"."web_guests" as "web_guests" where ($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid))) q

-- 5/action/Move/reject_one
-- as 4/action/Move/reject_one, but for:
@@ -2,14 +2,14 @@
 with refused as (
   insert into pgfold.reject (run, source, id, code, object, message, content)
-  select $1::bigint, 'old_guests', ("old_guests"."no")::text, $4::text, $5::text, $6::text, (jsonb_strip_nulls(jsonb_build_object('no', "old_guests"."no", 'mail', "old_guests"."mail", 'full_name', "old_guests"."full_name", 'house', "old_guests"."house", 'nights', "old_guests"."nights", 'born', "old_guests"."born", 'card', "old_guests"."card")))
-    from "public"."old_guests" as "old_guests" where ($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))
+  select $1::bigint, 'web_guests', ("web_guests"."id")::text, $4::text, $5::text, $6::text, (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'name', "web_guests"."name", 'stay', "web_guests"."stay", 'card', "web_guests"."card")))
+    from "public"."web_guests" as "web_guests" where ($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid))
   returning id
 ), walked as (
   insert into "pgfold"."crosswalk" (run, source, id, outcome, reason_code, reason_detail, source_hash, detail)
-  select $1::bigint, 'old_guests', ("old_guests"."no")::text, 'rejected', $4::text, $5::text, hash_array_extended(array["old_guests"."no"::text, "old_guests"."mail"::text, "old_guests"."full_name"::text, "old_guests"."house"::text, "old_guests"."nights"::text, "old_guests"."born"::text, "old_guests"."card"::text]::text[] collate pg_catalog."C", 0), (jsonb_strip_nulls(jsonb_build_object('no', "old_guests"."no", 'mail', "old_guests"."mail", 'full_name', "old_guests"."full_name", 'house', "old_guests"."house", 'nights', "old_guests"."nights", 'born', "old_guests"."born", 'card', "old_guests"."card")))
-    from "public"."old_guests" as "old_guests" where ($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))
+  select $1::bigint, 'web_guests', ("web_guests"."id")::text, 'rejected', $4::text, $5::text, hash_array_extended(array["web_guests"."id"::text, "web_guests"."mail"::text, "web_guests"."name"::text, "web_guests"."stay"::text, "web_guests"."card"::text]::text[] collate pg_catalog."C", 0), (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'name', "web_guests"."name", 'stay', "web_guests"."stay", 'card', "web_guests"."card")))
+    from "public"."web_guests" as "web_guests" where ($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid))
   returning id
 )
-select jsonb_build_object('read', (select count(*) from "public"."old_guests" as "old_guests" where ($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))), 'inserted', 0, 'merged', 0,
+select jsonb_build_object('read', (select count(*) from "public"."web_guests" as "web_guests" where ($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid))), 'inserted', 0, 'merged', 0,
   'duplicate', 0, 'duplicate_in_source', 0, 'filtered', 0, 'rejected', (select count(*) from walked), 'unchanged', 0, 'pending', 0,
   'unresolved', 0, 'refused', (select count(*) from refused))::text


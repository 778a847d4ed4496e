-- 3/action/Contest/sql
insert into pgfold.verdict (run, source, id, verdict, reason, winner_source, winner, key_held, claim, claim_on)
select $1::bigint, k.source, k.id, k.verdict, k.reason, k.winner_source, k.winner, k.key_held, k.claim, k.claim_on from (  -- a row is a source row that shares its key or another unique value with a better-ranked one
  select q.source, q.id, q.verdict, q.reason, q.winner_source, q.winner, q.winner_target, q.key_held, q.claim, q.claim_on
  from (
    with pgfold_keyed as materialized (
select 0 as place, q.pgfold_id as id, q.pgfold_key as key, q.pgfold_alike as alike from (  -- a row is a source row as the target row it would become, with what is wrong with it
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
   where (true and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.id = ("old_guests"."no")::text) is distinct from 'raises')) and coalesce((true), false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
  offset 0
  ) q
  offset 0
) q
union all
select 1 as place, q.pgfold_id as id, q.pgfold_key as key, q.pgfold_alike as alike from (  -- a row is a source row as the target row it would become, with what is wrong with it
  select q.*,
         ("q"."mail")::text as pgfold_key,
         null::text as pgfold_alike,
         array_remove(array[case when (q."mail" is null or btrim(q."mail"::text) = '') then '23502 mail' end,
           case when (q."pgfold_r2" is null or btrim(q."pgfold_r2"::text) = '') then '23502 name' end,
           case when char_length(q."pgfold_r2") > 10 then '22001 name' end,
           case when q."nights" is not distinct from null then '23502 nights' end,
           case when q."rest" is not distinct from null then '23502 rest' end,
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
  select ("web_guests"."id")::text as pgfold_id,
         hash_array_extended(array["web_guests"."id"::text, "web_guests"."mail"::text, "web_guests"."name"::text, "web_guests"."stay"::text, "web_guests"."card"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
         "web_guests"."id" as pgfold_i0,
         id as pgfold_w0,
         null::text[] as pgfold_defaulted,
         null::text[] as pgfold_unmapped,
         null::text[] as pgfold_cut,
         null::text[] as pgfold_narrowed,
         (lower(mail))::text as "mail",
         (name)::character varying as "pgfold_r2",
         (coalesce(stay, 1))::integer as "nights",
         (card)::text as "card",
         jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'web_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'stay', "web_guests"."stay")))) as "rest",
         (null)::bigint as "guest_id",
         (null)::text as "house",
         (null)::date as "born",
         (null)::date as "left_on",
         (false)::boolean as "vip",
         case when coalesce(pg_column_size("web_guests"."id"), 0) + coalesce(pg_column_size("web_guests"."mail"), 0) + coalesce(pg_column_size("web_guests"."stay"), 0) + 0 > 100000 then pg_column_size(jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'web_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'stay', "web_guests"."stay"))))) end as pgfold_big
    from "public"."web_guests" as "web_guests"
   where (true and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.id = ("web_guests"."id")::text) is distinct from 'raises')) and coalesce((true), false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
  offset 0
  ) q
  offset 0
) q
    ),
    -- counted by a hash, which is small; two keys that happen to share one do not contend for it
    pgfold_twice as materialized (
      select k.place, k.id from pgfold_keyed k
       where hashtextextended(k.key, 0) in (
         select hashtextextended(w.key, 0) from pgfold_keyed w where w.key is not null group by 1 having count(*) > 1)
    ),
    pgfold_by_key as materialized (
      -- contenders for one key
      select r.source, r.id, 1 as weight,
             case when r.joined then 'ambiguous_key' else 'lost' end as verdict,
             'key'::text as reason, r.winner_source, r.winner, r.winner_target, r.held as key_held, r.key as claim, null::int as claim_on, r.place
      from (
        select c.source, c.id, c.held, c.key,
               bool_or(c.apart) over (partition by c.key) as joined,
               first_value(c.source) over best as winner_source,
               first_value(c.id) over best as winner,
               first_value(c.standing_target) over best as winner_target,
               first_value(c.ok) over best as winner_ok,
               row_number() over best as place
          from (
            select a.*, a.joins and count(*) over (partition by a.key, a.source) > 1 as apart
            from (
            select 'old_guests'::text as source, q.pgfold_id as id, q.pgfold_key as key, cardinality(q.pgfold_faults) = 0 and (h.pgfold_tid is not null or k.taken is null) as ok,
                   o.standing, case when o.standing then st.target_id end as standing_target, false as merges, h.pgfold_tid is not null as held, 0 as place, false as joins,
                   row_number() over (order by q.pgfold_w0, q.pgfold_i0) as rank
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
   where (("old_guests"."no")::text in (select w.id from pgfold_twice w where w.place = 0) and (true and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.id = ("old_guests"."no")::text) is distinct from 'raises'))) and coalesce((true), false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
  offset 0
  ) q
  offset 0

              ) q
              left join (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on st.id = q.pgfold_id
              left join (select pgfold_t.*, ("pgfold_t"."guest_id")::text as pgfold_tid, ("pgfold_t"."mail")::text as pgfold_tkey, coalesce((left_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."guests" pgfold_t where true
 and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."guest_id")::text)) h on h.pgfold_tkey = q.pgfold_key
              -- a row whose target row went, and whose key another row holds by now, stands no more
              cross join lateral (select st.run is not null and (h.pgfold_tid is null or h.pgfold_tid = st.target_id) as standing) o
              cross join lateral (select q.*) s cross join lateral (select h.pgfold_tid) t
              -- who would be rejected wins nothing
              cross join lateral (select null::text as taken) k

union all
            select 'web_guests'::text as source, q.pgfold_id as id, q.pgfold_key as key, cardinality(q.pgfold_faults) = 0 and (h.pgfold_tid is not null or k.taken is null) as ok,
                   o.standing, case when o.standing then st.target_id end as standing_target, false as merges, h.pgfold_tid is not null as held, 1 as place, false as joins,
                   row_number() over (order by q.pgfold_w0, q.pgfold_i0) as rank
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
  select ("web_guests"."id")::text as pgfold_id,
         hash_array_extended(array["web_guests"."id"::text, "web_guests"."mail"::text, "web_guests"."name"::text, "web_guests"."stay"::text, "web_guests"."card"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
         "web_guests"."id" as pgfold_i0,
         id as pgfold_w0,
         null::text[] as pgfold_defaulted,
         null::text[] as pgfold_unmapped,
         null::text[] as pgfold_cut,
         null::text[] as pgfold_narrowed,
         (lower(mail))::text as "mail",
         (name)::character varying as "pgfold_r2",
         (coalesce(stay, 1))::integer as "nights",
         (card)::text as "card",
         jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'web_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'stay', "web_guests"."stay")))) as "rest",
         (null)::bigint as "guest_id",
         (null)::text as "house",
         (null)::date as "born",
         (null)::date as "left_on",
         (false)::boolean as "vip",
         case when coalesce(pg_column_size("web_guests"."id"), 0) + coalesce(pg_column_size("web_guests"."mail"), 0) + coalesce(pg_column_size("web_guests"."stay"), 0) + 0 > 100000 then pg_column_size(jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'web_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'stay', "web_guests"."stay"))))) end as pgfold_big
    from "public"."web_guests" as "web_guests"
   where (("web_guests"."id")::text in (select w.id from pgfold_twice w where w.place = 1) and (true and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.id = ("web_guests"."id")::text) is distinct from 'raises'))) and coalesce((true), false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
  offset 0
  ) q
  offset 0

              ) q
              left join (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on st.id = q.pgfold_id
              left join (select pgfold_t.*, ("pgfold_t"."guest_id")::text as pgfold_tid, ("pgfold_t"."mail")::text as pgfold_tkey, coalesce((left_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."guests" pgfold_t where true
 and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."guest_id")::text)) h on h.pgfold_tkey = q.pgfold_key
              -- a row whose target row went, and whose key another row holds by now, stands no more
              cross join lateral (select st.run is not null and (h.pgfold_tid is null or h.pgfold_tid = st.target_id) as standing) o
              cross join lateral (select q.*) s cross join lateral (select h.pgfold_tid) t
              -- who would be rejected wins nothing
              cross join lateral (select null::text as taken) k

            ) a
          ) c
        -- a row of the target that holds the key is filled from the best row that may fill it
        window best as (partition by c.key order by c.ok desc, c.standing desc, c.held and not c.merges, c.place, c.rank)
      ) r
      -- where even the best would be rejected, each is rejected for itself
      where r.place > 1 and (r.winner_ok or r.held) or r.joined

    ),
    -- among those that no other row beats by their key
    pgfold_by_unique as materialized (
      -- contenders for one entry of another unique index
      select r.source, r.id, 2 as weight, 'unique' as verdict, '23505 guests_card_key'::text as reason, r.winner_source, r.winner, null::text as winner_target, false as key_held, r.entry as claim, 2::int as claim_on
      from (
        select c.source, c.id, c.entry::text as entry, first_value(c.source) over best as winner_source, first_value(c.id) over best as winner,
               row_number() over best as place, count(*) over best as better
          from (
select 'old_guests'::text as source, q.pgfold_id as id, 0 as place, row_number() over (order by q.pgfold_w0, q.pgfold_i0) as rank, q.pgfold_u2 as entry, cardinality(q.pgfold_faults) = 0 as ok from (  -- a row is a source row as the target row it would become, with what is wrong with it
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
   where (true and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.id = ("old_guests"."no")::text) is distinct from 'raises')) and coalesce((true), false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
  offset 0
  ) q
  offset 0
) q  where not exists (select from (select pgfold_t.*, ("pgfold_t"."guest_id")::text as pgfold_tid, ("pgfold_t"."mail")::text as pgfold_tkey, coalesce((left_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."guests" pgfold_t where true
 and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."guest_id")::text)) h where h.pgfold_tkey = q.pgfold_key) and not exists (select from pgfold_by_key k where k.source = 'old_guests' and k.id = q.pgfold_id)
union all
select 'web_guests'::text as source, q.pgfold_id as id, 1 as place, row_number() over (order by q.pgfold_w0, q.pgfold_i0) as rank, q.pgfold_u2 as entry, cardinality(q.pgfold_faults) = 0 as ok from (  -- a row is a source row as the target row it would become, with what is wrong with it
  select q.*,
         ("q"."mail")::text as pgfold_key,
         null::text as pgfold_alike,
         array_remove(array[case when (q."mail" is null or btrim(q."mail"::text) = '') then '23502 mail' end,
           case when (q."pgfold_r2" is null or btrim(q."pgfold_r2"::text) = '') then '23502 name' end,
           case when char_length(q."pgfold_r2") > 10 then '22001 name' end,
           case when q."nights" is not distinct from null then '23502 nights' end,
           case when q."rest" is not distinct from null then '23502 rest' end,
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
  select ("web_guests"."id")::text as pgfold_id,
         hash_array_extended(array["web_guests"."id"::text, "web_guests"."mail"::text, "web_guests"."name"::text, "web_guests"."stay"::text, "web_guests"."card"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
         "web_guests"."id" as pgfold_i0,
         id as pgfold_w0,
         null::text[] as pgfold_defaulted,
         null::text[] as pgfold_unmapped,
         null::text[] as pgfold_cut,
         null::text[] as pgfold_narrowed,
         (lower(mail))::text as "mail",
         (name)::character varying as "pgfold_r2",
         (coalesce(stay, 1))::integer as "nights",
         (card)::text as "card",
         jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'web_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'stay', "web_guests"."stay")))) as "rest",
         (null)::bigint as "guest_id",
         (null)::text as "house",
         (null)::date as "born",
         (null)::date as "left_on",
         (false)::boolean as "vip",
         case when coalesce(pg_column_size("web_guests"."id"), 0) + coalesce(pg_column_size("web_guests"."mail"), 0) + coalesce(pg_column_size("web_guests"."stay"), 0) + 0 > 100000 then pg_column_size(jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'web_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'stay', "web_guests"."stay"))))) end as pgfold_big
    from "public"."web_guests" as "web_guests"
   where (true and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.id = ("web_guests"."id")::text) is distinct from 'raises')) and coalesce((true), false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
  offset 0
  ) q
  offset 0
) q  where not exists (select from (select pgfold_t.*, ("pgfold_t"."guest_id")::text as pgfold_tid, ("pgfold_t"."mail")::text as pgfold_tkey, coalesce((left_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."guests" pgfold_t where true
 and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."guest_id")::text)) h where h.pgfold_tkey = q.pgfold_key) and not exists (select from pgfold_by_key k where k.source = 'web_guests' and k.id = q.pgfold_id)
          ) c
         where c.entry is distinct from null and c.ok
        window best as (partition by c.entry order by c.place, c.rank)
      ) r
      where r.place > 1

    ),
    -- a winner that is rejected for another unique value leaves its key to the next
    pgfold_next as materialized (
      select distinct on (k.claim) k.claim, k.source, k.id
        from pgfold_by_key k join pgfold_by_unique u on u.source = k.winner_source and u.id = k.winner
       where k.verdict = 'lost' and not k.key_held order by k.claim, k.place
    )
    select distinct on (a.source, a.id) a.*
    from (
      select k.source, k.id, k.weight, k.verdict, k.reason, coalesce(n.source, k.winner_source) as winner_source, coalesce(n.id, k.winner) as winner,
             case when n.id is null then k.winner_target end as winner_target, k.key_held, k.claim, k.claim_on
        from pgfold_by_key k left join pgfold_next n on n.claim = k.claim and k.verdict = 'lost' and not k.key_held
       where n.id is null or n.id <> k.id or n.source <> k.source
      union all
      select * from pgfold_by_unique

    ) a
    order by a.source, a.id, a.weight
  ) q
) k


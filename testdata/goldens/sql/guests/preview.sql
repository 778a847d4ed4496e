-- 4/action/Move/look/settings
-- shaped rows are wide: they are hashed as they come, not sorted, whatever the planner thinks of how many there are
set local enable_mergejoin = off;
set local enable_sort = off;

-- 4/action/Move/look/counts
-- a row is an outcome of this source with its reason, the columns that took a default or lost precision, and how many rows have it
with pgfold_contest as materialized (  -- a row is a source row that shares its key or another unique value with a better-ranked one
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
   where ((cardinality($4::text[]) = 0 or not (('old_guests' || ' ' || ("old_guests"."no")::text) = any ($4::text[])))) and coalesce((true), false)
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
   where ((cardinality($4::text[]) = 0 or not (('web_guests' || ' ' || ("web_guests"."id")::text) = any ($4::text[])))) and coalesce((true), false)
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
   where (("old_guests"."no")::text in (select w.id from pgfold_twice w where w.place = 0) and ((cardinality($4::text[]) = 0 or not (('old_guests' || ' ' || ("old_guests"."no")::text) = any ($4::text[]))))) and coalesce((true), false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
  offset 0
  ) q
  offset 0

              ) q
              left join (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on st.id = q.pgfold_id
              left join (select null::text as pgfold_tid, null::text as pgfold_tkey, true as pgfold_live, null::bigint as pgfold_thash where false) h on h.pgfold_tkey = q.pgfold_key
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
   where (("web_guests"."id")::text in (select w.id from pgfold_twice w where w.place = 1) and ((cardinality($4::text[]) = 0 or not (('web_guests' || ' ' || ("web_guests"."id")::text) = any ($4::text[]))))) and coalesce((true), false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
  offset 0
  ) q
  offset 0

              ) q
              left join (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on st.id = q.pgfold_id
              left join (select null::text as pgfold_tid, null::text as pgfold_tkey, true as pgfold_live, null::bigint as pgfold_thash where false) h on h.pgfold_tkey = q.pgfold_key
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
   where ((cardinality($4::text[]) = 0 or not (('old_guests' || ' ' || ("old_guests"."no")::text) = any ($4::text[])))) and coalesce((true), false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
  offset 0
  ) q
  offset 0
) q  where not exists (select from (select null::text as pgfold_tid, null::text as pgfold_tkey, true as pgfold_live, null::bigint as pgfold_thash where false) h where h.pgfold_tkey = q.pgfold_key) and not exists (select from pgfold_by_key k where k.source = 'old_guests' and k.id = q.pgfold_id)
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
   where ((cardinality($4::text[]) = 0 or not (('web_guests' || ' ' || ("web_guests"."id")::text) = any ($4::text[])))) and coalesce((true), false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
  offset 0
  ) q
  offset 0
) q  where not exists (select from (select null::text as pgfold_tid, null::text as pgfold_tkey, true as pgfold_live, null::bigint as pgfold_thash where false) h where h.pgfold_tkey = q.pgfold_key) and not exists (select from pgfold_by_key k where k.source = 'web_guests' and k.id = q.pgfold_id)
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
)
select g.outcome,
       case split_part(g.reason, ' ', 1) when 'earlier_run' then 'run ' || substr(g.reason, 13)
       when 'changed_since_run' then 'changed since run ' || substr(g.reason, 19)
       when 'changed_and_edited' then 'changed since run ' || substr(g.reason, 20) || ', edited in the target'
       when 'secondary_key' then 'alike ' || substr(g.reason, 15) when 'secondary_key_not_live' then 'alike ' || substr(g.reason, 24) || ', not live'
       when 'key_not_live' then 'key of a row that is not live' when 'revived_existing' then 'revived a row that was not live'
       when 'deleted_since' then 'moved by run ' || substr(g.reason, 15) || ' and deleted since' when 'left_out' then 'left out' else g.reason end as reason,
       split_part(g.reason, ' ', 1) as reason_code, to_jsonb(g.defaulted) as defaulted, to_jsonb(g.lossy) as lossy,
       count(*) as rows, min(g.id) as example, sum(g.forced) as looked
  from (
    -- nothing wide goes on from here
    select c.pgfold_outcome as outcome, c.pgfold_reason as reason, c.pgfold_defaulted as defaulted, c.pgfold_lossy as lossy,
           c.pgfold_id as id, num_nulls("c"."mail", "c"."name", "c"."house", "c"."nights", "c"."born", "c"."card", "c"."guest_id", "c"."left_on", "c"."vip", "c"."pgfold_w0", "c"."pgfold_u2", "c"."pgfold_key", "c"."pgfold_defaulted", "c"."pgfold_unmapped", "c"."pgfold_alike", "c"."pgfold_faults", "c"."pgfold_lossy", "c"."pgfold_big", "c"."pgfold_cut", "c"."pgfold_narrowed") as forced
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
   where (($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer)) and (cardinality($4::text[]) = 0 or not (('old_guests' || ' ' || ("old_guests"."no")::text) = any ($4::text[])))) and coalesce((true), false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
  offset 0
  ) q
  offset 0

    ) s
    left join (select null::text as pgfold_tid, null::text as pgfold_tkey, true as pgfold_live, null::bigint as pgfold_thash where false) t on t.pgfold_tkey = s.pgfold_key
    left join (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on st.id = s.pgfold_id
    left join (select null::text as id, null::text as target_id, null::text as key_then, false as there where false) g on g.id = s.pgfold_id and (not g.there or g.key_then is not distinct from s.pgfold_key collate pg_catalog."C")
    left join (select v.* from pgfold_contest v where v.source = 'old_guests') v on v.id = s.pgfold_id
  offset 0
    ) i
  offset 0
  ) j

      ) c
    offset 0
  ) g group by g.outcome, g.reason, g.defaulted, g.lossy
union all
select 'filtered', 'where', 'where', null, null, count(*), min(("old_guests"."no")::text), 0 from "public"."old_guests" as "old_guests" where (($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))) and not coalesce((true), false) having count(*) > 0

-- 4/action/Move/look/rows
-- as 4/action/Move/look/counts, but for:
@@ -1,3 +1,3 @@
--- a row is an outcome of this source with its reason, the columns that took a default or lost precision, and how many rows have it
+-- a row is a source row and what becomes of it
 with pgfold_contest as materialized (  -- a row is a source row that shares its key or another unique value with a better-ranked one
   select q.source, q.id, q.verdict, q.reason, q.winner_source, q.winner, q.winner_target, q.key_held, q.claim, q.claim_on
@@ -390,18 +390,15 @@
   ) q
 )
-select g.outcome,
-       case split_part(g.reason, ' ', 1) when 'earlier_run' then 'run ' || substr(g.reason, 13)
-       when 'changed_since_run' then 'changed since run ' || substr(g.reason, 19)
-       when 'changed_and_edited' then 'changed since run ' || substr(g.reason, 20) || ', edited in the target'
-       when 'secondary_key' then 'alike ' || substr(g.reason, 15) when 'secondary_key_not_live' then 'alike ' || substr(g.reason, 24) || ', not live'
+select c.pgfold_id as id, c.pgfold_key as key, c.pgfold_outcome as outcome,
+       case split_part(c.pgfold_reason, ' ', 1) when 'earlier_run' then 'run ' || substr(c.pgfold_reason, 13)
+       when 'changed_since_run' then 'changed since run ' || substr(c.pgfold_reason, 19)
+       when 'changed_and_edited' then 'changed since run ' || substr(c.pgfold_reason, 20) || ', edited in the target'
+       when 'secondary_key' then 'alike ' || substr(c.pgfold_reason, 15) when 'secondary_key_not_live' then 'alike ' || substr(c.pgfold_reason, 24) || ', not live'
        when 'key_not_live' then 'key of a row that is not live' when 'revived_existing' then 'revived a row that was not live'
-       when 'deleted_since' then 'moved by run ' || substr(g.reason, 15) || ' and deleted since' when 'left_out' then 'left out' else g.reason end as reason,
-       split_part(g.reason, ' ', 1) as reason_code, to_jsonb(g.defaulted) as defaulted, to_jsonb(g.lossy) as lossy,
-       count(*) as rows, min(g.id) as example, sum(g.forced) as looked
+       when 'deleted_since' then 'moved by run ' || substr(c.pgfold_reason, 15) || ' and deleted since' when 'left_out' then 'left out' else c.pgfold_reason end as reason,
+       split_part(c.pgfold_reason, ' ', 1) as reason_code,
+       case when c.pgfold_outcome = 'duplicate_in_source' then c.pgfold_winner_source || ' ' || c.pgfold_winner end as winner,
+       coalesce(c.pgfold_held, case when c.pgfold_outcome = 'duplicate' and split_part(c.pgfold_reason, ' ', 1) in ('secondary_key', 'secondary_key_not_live') then substr(c.pgfold_reason, length(split_part(c.pgfold_reason, ' ', 1)) + 2) end) as target_id, to_jsonb(c.pgfold_defaulted) as defaulted, to_jsonb(c.pgfold_lossy) as lossy
   from (
-    -- nothing wide goes on from here
-    select c.pgfold_outcome as outcome, c.pgfold_reason as reason, c.pgfold_defaulted as defaulted, c.pgfold_lossy as lossy,
-           c.pgfold_id as id, num_nulls("c"."mail", "c"."name", "c"."house", "c"."nights", "c"."born", "c"."card", "c"."guest_id", "c"."left_on", "c"."vip", "c"."pgfold_w0", "c"."pgfold_u2", "c"."pgfold_key", "c"."pgfold_defaulted", "c"."pgfold_unmapped", "c"."pgfold_alike", "c"."pgfold_faults", "c"."pgfold_lossy", "c"."pgfold_big", "c"."pgfold_cut", "c"."pgfold_narrowed") as forced
-      from (
   -- a row is a shaped row with its outcome
   select j.*,
@@ -526,7 +523,6 @@
   ) j
 
-      ) c
-    offset 0
-  ) g group by g.outcome, g.reason, g.defaulted, g.lossy
+  ) c
 union all
-select 'filtered', 'where', 'where', null, null, count(*), min(("old_guests"."no")::text), 0 from "public"."old_guests" as "old_guests" where (($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))) and not coalesce((true), false) having count(*) > 0
+select ("old_guests"."no")::text, null, 'filtered', 'where', 'where', null, null, null, null
+  from "public"."old_guests" as "old_guests" where (($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))) and not coalesce((true), false)

-- 4/action/Move/look/differences
-- as 4/action/Move/look/rows, but for:
@@ -1,3 +1,3 @@
--- a row is a source row and what becomes of it
+-- a row is a source row whose key the target, or a better row of any source, holds with other content, both as json
 with pgfold_contest as materialized (  -- a row is a source row that shares its key or another unique value with a better-ranked one
   select q.source, q.id, q.verdict, q.reason, q.winner_source, q.winner, q.winner_target, q.key_held, q.claim, q.claim_on
@@ -389,16 +389,6 @@
     order by a.source, a.id, a.weight
   ) q
-)
-select c.pgfold_id as id, c.pgfold_key as key, c.pgfold_outcome as outcome,
-       case split_part(c.pgfold_reason, ' ', 1) when 'earlier_run' then 'run ' || substr(c.pgfold_reason, 13)
-       when 'changed_since_run' then 'changed since run ' || substr(c.pgfold_reason, 19)
-       when 'changed_and_edited' then 'changed since run ' || substr(c.pgfold_reason, 20) || ', edited in the target'
-       when 'secondary_key' then 'alike ' || substr(c.pgfold_reason, 15) when 'secondary_key_not_live' then 'alike ' || substr(c.pgfold_reason, 24) || ', not live'
-       when 'key_not_live' then 'key of a row that is not live' when 'revived_existing' then 'revived a row that was not live'
-       when 'deleted_since' then 'moved by run ' || substr(c.pgfold_reason, 15) || ' and deleted since' when 'left_out' then 'left out' else c.pgfold_reason end as reason,
-       split_part(c.pgfold_reason, ' ', 1) as reason_code,
-       case when c.pgfold_outcome = 'duplicate_in_source' then c.pgfold_winner_source || ' ' || c.pgfold_winner end as winner,
-       coalesce(c.pgfold_held, case when c.pgfold_outcome = 'duplicate' and split_part(c.pgfold_reason, ' ', 1) in ('secondary_key', 'secondary_key_not_live') then substr(c.pgfold_reason, length(split_part(c.pgfold_reason, ' ', 1)) + 2) end) as target_id, to_jsonb(c.pgfold_defaulted) as defaulted, to_jsonb(c.pgfold_lossy) as lossy
-  from (
+),
+pgfold_c as materialized (
   -- a row is a shaped row with its outcome
   select j.*,
@@ -523,6 +513,63 @@
   ) j
 
-  ) c
-union all
-select ("old_guests"."no")::text, null, 'filtered', 'where', 'where', null, null, null, null
-  from "public"."old_guests" as "old_guests" where (($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))) and not coalesce((true), false)
+)
+    select pgfold_k.pgfold_id as id, pgfold_k.pgfold_key as key, pgfold_k.pgfold_outcome as outcome,
+           pgfold_k.pgfold_winner_source || ' ' || pgfold_k.pgfold_winner as holder, jsonb_build_object('name', "pgfold_w"."name", 'house', "pgfold_w"."house", 'nights', "pgfold_w"."nights", 'born', ("pgfold_w"."born")::text, 'card', "pgfold_w"."card", 'rest', "pgfold_w"."rest") as there, jsonb_build_object('name', "pgfold_k"."name", 'house', "pgfold_k"."house", 'nights', "pgfold_k"."nights", 'born', ("pgfold_k"."born")::text, 'card', "pgfold_k"."card", 'rest', "pgfold_k"."rest") as incoming
+      from pgfold_c pgfold_k join pgfold_c pgfold_w on pgfold_w.pgfold_id = pgfold_k.pgfold_winner 
+     where pgfold_k.pgfold_outcome = 'duplicate_in_source' and pgfold_k.pgfold_winner_source = 'old_guests'
+       and (jsonb_build_object('name', "pgfold_k"."name", 'house', "pgfold_k"."house", 'nights', "pgfold_k"."nights", 'born', ("pgfold_k"."born")::text, 'card', "pgfold_k"."card", 'rest', "pgfold_k"."rest")) is distinct from (jsonb_build_object('name', "pgfold_w"."name", 'house', "pgfold_w"."house", 'nights', "pgfold_w"."nights", 'born', ("pgfold_w"."born")::text, 'card', "pgfold_w"."card", 'rest', "pgfold_w"."rest"))
+
+    union all
+    select pgfold_k.pgfold_id as id, pgfold_k.pgfold_key as key, pgfold_k.pgfold_outcome as outcome,
+           pgfold_k.pgfold_winner_source || ' ' || pgfold_k.pgfold_winner as holder, jsonb_build_object('name', "pgfold_w"."name", 'nights', "pgfold_w"."nights", 'card', "pgfold_w"."card") as there, jsonb_build_object('name', "pgfold_k"."name", 'nights', "pgfold_k"."nights", 'card', "pgfold_k"."card") as incoming
+      from pgfold_c pgfold_k join (  -- a row is a source row as the target row it would become, with what is wrong with it
+  select q.*,
+         ("q"."mail")::text as pgfold_key,
+         null::text as pgfold_alike,
+         array_remove(array[case when (q."mail" is null or btrim(q."mail"::text) = '') then '23502 mail' end,
+           case when (q."pgfold_r2" is null or btrim(q."pgfold_r2"::text) = '') then '23502 name' end,
+           case when char_length(q."pgfold_r2") > 10 then '22001 name' end,
+           case when q."nights" is not distinct from null then '23502 nights' end,
+           case when q."rest" is not distinct from null then '23502 rest' end,
+           case when not (nights > 0) then '23514 guests_nights_check' end,
+           case when not (not vip or nights > 2) then '23514 guests_vip_stays' end,
+           (select 'unmapped ' || u from unnest(q.pgfold_unmapped) u limit 1)]::text[], null) as pgfold_faults,
+         nullif(array_remove(array[case when q."name"::character varying is distinct from q."pgfold_r2" then 'name' end]::text[], null), '{}') as pgfold_lossy,
+         case when not (("card") is not distinct from null) and (card <> '') then row(("card")) end as pgfold_u2,
+         ("card") as pgfold_u2_0
+  from (
+select q.*, q."pgfold_r2"::varchar(10) as "name"
+    from (
+  -- a row is a source row with the values that its target row would be given
+  select ("web_guests"."id")::text as pgfold_id,
+         hash_array_extended(array["web_guests"."id"::text, "web_guests"."mail"::text, "web_guests"."name"::text, "web_guests"."stay"::text, "web_guests"."card"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
+         "web_guests"."id" as pgfold_i0,
+         id as pgfold_w0,
+         null::text[] as pgfold_defaulted,
+         null::text[] as pgfold_unmapped,
+         null::text[] as pgfold_cut,
+         null::text[] as pgfold_narrowed,
+         (lower(mail))::text as "mail",
+         (name)::character varying as "pgfold_r2",
+         (coalesce(stay, 1))::integer as "nights",
+         (card)::text as "card",
+         jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'web_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'stay', "web_guests"."stay")))) as "rest",
+         (null)::bigint as "guest_id",
+         (null)::text as "house",
+         (null)::date as "born",
+         (null)::date as "left_on",
+         (false)::boolean as "vip",
+         case when coalesce(pg_column_size("web_guests"."id"), 0) + coalesce(pg_column_size("web_guests"."mail"), 0) + coalesce(pg_column_size("web_guests"."stay"), 0) + 0 > 100000 then pg_column_size(jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'web_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'stay', "web_guests"."stay"))))) end as pgfold_big
+    from "public"."web_guests" as "web_guests"
+   where (("web_guests"."id")::text in (select pgfold_o.pgfold_winner from pgfold_c pgfold_o where pgfold_o.pgfold_outcome = 'duplicate_in_source' and pgfold_o.pgfold_winner_source = 'web_guests')) and coalesce((true), false)
+  -- without it every mention of a value would be its expression again, worked out anew
+  offset 0
+
+  ) q
+  offset 0
+  ) q
+  offset 0
+) pgfold_w on pgfold_w.pgfold_id = pgfold_k.pgfold_winner 
+     where pgfold_k.pgfold_outcome = 'duplicate_in_source' and pgfold_k.pgfold_winner_source = 'web_guests'
+       and (jsonb_build_object('name', "pgfold_k"."name", 'nights', "pgfold_k"."nights", 'card', "pgfold_k"."card")) is distinct from (jsonb_build_object('name', "pgfold_w"."name", 'nights', "pgfold_w"."nights", 'card', "pgfold_w"."card"))
+

-- 4/action/Move/look/faults
-- as 4/action/Move/look/differences, but for:
@@ -1,3 +1,3 @@
--- a row is a source row whose key the target, or a better row of any source, holds with other content, both as json
+-- a row is one fault of a rejected source row
 with pgfold_contest as materialized (  -- a row is a source row that shares its key or another unique value with a better-ranked one
   select q.source, q.id, q.verdict, q.reason, q.winner_source, q.winner, q.winner_target, q.key_held, q.claim, q.claim_on
@@ -389,6 +389,7 @@
     order by a.source, a.id, a.weight
   ) q
-),
-pgfold_c as materialized (
+)
+select c.pgfold_id as id, c.pgfold_key as key, split_part(f, ' ', 1) as code, substr(f, strpos(f, ' ') + 1) as object
+  from (
   -- a row is a shaped row with its outcome
   select j.*,
@@ -513,63 +514,4 @@
   ) j
 
-)
-    select pgfold_k.pgfold_id as id, pgfold_k.pgfold_key as key, pgfold_k.pgfold_outcome as outcome,
-           pgfold_k.pgfold_winner_source || ' ' || pgfold_k.pgfold_winner as holder, jsonb_build_object('name', "pgfold_w"."name", 'house', "pgfold_w"."house", 'nights', "pgfold_w"."nights", 'born', ("pgfold_w"."born")::text, 'card', "pgfold_w"."card", 'rest', "pgfold_w"."rest") as there, jsonb_build_object('name', "pgfold_k"."name", 'house', "pgfold_k"."house", 'nights', "pgfold_k"."nights", 'born', ("pgfold_k"."born")::text, 'card', "pgfold_k"."card", 'rest', "pgfold_k"."rest") as incoming
-      from pgfold_c pgfold_k join pgfold_c pgfold_w on pgfold_w.pgfold_id = pgfold_k.pgfold_winner 
-     where pgfold_k.pgfold_outcome = 'duplicate_in_source' and pgfold_k.pgfold_winner_source = 'old_guests'
-       and (jsonb_build_object('name', "pgfold_k"."name", 'house', "pgfold_k"."house", 'nights', "pgfold_k"."nights", 'born', ("pgfold_k"."born")::text, 'card', "pgfold_k"."card", 'rest', "pgfold_k"."rest")) is distinct from (jsonb_build_object('name', "pgfold_w"."name", 'house', "pgfold_w"."house", 'nights', "pgfold_w"."nights", 'born', ("pgfold_w"."born")::text, 'card', "pgfold_w"."card", 'rest', "pgfold_w"."rest"))
-
-    union all
-    select pgfold_k.pgfold_id as id, pgfold_k.pgfold_key as key, pgfold_k.pgfold_outcome as outcome,
-           pgfold_k.pgfold_winner_source || ' ' || pgfold_k.pgfold_winner as holder, jsonb_build_object('name', "pgfold_w"."name", 'nights', "pgfold_w"."nights", 'card', "pgfold_w"."card") as there, jsonb_build_object('name', "pgfold_k"."name", 'nights', "pgfold_k"."nights", 'card', "pgfold_k"."card") as incoming
-      from pgfold_c pgfold_k join (  -- a row is a source row as the target row it would become, with what is wrong with it
-  select q.*,
-         ("q"."mail")::text as pgfold_key,
-         null::text as pgfold_alike,
-         array_remove(array[case when (q."mail" is null or btrim(q."mail"::text) = '') then '23502 mail' end,
-           case when (q."pgfold_r2" is null or btrim(q."pgfold_r2"::text) = '') then '23502 name' end,
-           case when char_length(q."pgfold_r2") > 10 then '22001 name' end,
-           case when q."nights" is not distinct from null then '23502 nights' end,
-           case when q."rest" is not distinct from null then '23502 rest' end,
-           case when not (nights > 0) then '23514 guests_nights_check' end,
-           case when not (not vip or nights > 2) then '23514 guests_vip_stays' end,
-           (select 'unmapped ' || u from unnest(q.pgfold_unmapped) u limit 1)]::text[], null) as pgfold_faults,
-         nullif(array_remove(array[case when q."name"::character varying is distinct from q."pgfold_r2" then 'name' end]::text[], null), '{}') as pgfold_lossy,
-         case when not (("card") is not distinct from null) and (card <> '') then row(("card")) end as pgfold_u2,
-         ("card") as pgfold_u2_0
-  from (
-select q.*, q."pgfold_r2"::varchar(10) as "name"
-    from (
-  -- a row is a source row with the values that its target row would be given
-  select ("web_guests"."id")::text as pgfold_id,
-         hash_array_extended(array["web_guests"."id"::text, "web_guests"."mail"::text, "web_guests"."name"::text, "web_guests"."stay"::text, "web_guests"."card"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
-         "web_guests"."id" as pgfold_i0,
-         id as pgfold_w0,
-         null::text[] as pgfold_defaulted,
-         null::text[] as pgfold_unmapped,
-         null::text[] as pgfold_cut,
-         null::text[] as pgfold_narrowed,
-         (lower(mail))::text as "mail",
-         (name)::character varying as "pgfold_r2",
-         (coalesce(stay, 1))::integer as "nights",
-         (card)::text as "card",
-         jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'web_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'stay', "web_guests"."stay")))) as "rest",
-         (null)::bigint as "guest_id",
-         (null)::text as "house",
-         (null)::date as "born",
-         (null)::date as "left_on",
-         (false)::boolean as "vip",
-         case when coalesce(pg_column_size("web_guests"."id"), 0) + coalesce(pg_column_size("web_guests"."mail"), 0) + coalesce(pg_column_size("web_guests"."stay"), 0) + 0 > 100000 then pg_column_size(jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'web_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'stay', "web_guests"."stay"))))) end as pgfold_big
-    from "public"."web_guests" as "web_guests"
-   where (("web_guests"."id")::text in (select pgfold_o.pgfold_winner from pgfold_c pgfold_o where pgfold_o.pgfold_outcome = 'duplicate_in_source' and pgfold_o.pgfold_winner_source = 'web_guests')) and coalesce((true), false)
-  -- without it every mention of a value would be its expression again, worked out anew
-  offset 0
-
-  ) q
-  offset 0
-  ) q
-  offset 0
-) pgfold_w on pgfold_w.pgfold_id = pgfold_k.pgfold_winner 
-     where pgfold_k.pgfold_outcome = 'duplicate_in_source' and pgfold_k.pgfold_winner_source = 'web_guests'
-       and (jsonb_build_object('name', "pgfold_k"."name", 'nights', "pgfold_k"."nights", 'card', "pgfold_k"."card")) is distinct from (jsonb_build_object('name', "pgfold_w"."name", 'nights', "pgfold_w"."nights", 'card', "pgfold_w"."card"))
-
+  ) c cross join unnest(case when cardinality(c.pgfold_wrong) > 0 then c.pgfold_wrong else array[c.pgfold_reason] end) f
+ where c.pgfold_outcome = 'rejected'

-- 4/action/Move/look/evaluate
-- one row: how many rows of the range have a fault; raises where a row cannot be evaluated at all
select count(*) as rows, count(*) filter (where cardinality(q.pgfold_faults) > 0) as faulty, coalesce(sum(num_nulls("q"."mail", "q"."name", "q"."house", "q"."nights", "q"."born", "q"."card", "q"."guest_id", "q"."left_on", "q"."vip", "q"."pgfold_w0", "q"."pgfold_u2", "q"."pgfold_key", "q"."pgfold_defaulted", "q"."pgfold_unmapped", "q"."pgfold_alike", "q"."pgfold_faults", "q"."pgfold_lossy", "q"."pgfold_big", "q"."pgfold_cut", "q"."pgfold_narrowed")), 0) as looked
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
   where (($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer)) and (cardinality($4::text[]) = 0 or not (('old_guests' || ' ' || ("old_guests"."no")::text) = any ($4::text[])))) and coalesce((true), false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
  offset 0
  ) q
  offset 0

  ) q

-- 4/action/Move/look/halve
-- one row: how many rows a range has, and where its lower half ends
select count(*) as rows, (array_agg(q.upto order by q.n))[greatest(count(*) / 2, 1)] as middle
  from (select to_jsonb(array[("old_guests"."no")::text]) as upto, row_number() over (order by "old_guests"."no") as n
          from "public"."old_guests" as "old_guests" where ($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))) q

-- 5/action/Move/look/settings
-- shaped rows are wide: they are hashed as they come, not sorted, whatever the planner thinks of how many there are
set local enable_mergejoin = off;
set local enable_sort = off;

-- 5/action/Move/look/counts
-- as 4/action/Move/look/counts, but for:
@@ -402,5 +402,5 @@
     -- nothing wide goes on from here
     select c.pgfold_outcome as outcome, c.pgfold_reason as reason, c.pgfold_defaulted as defaulted, c.pgfold_lossy as lossy,
-           c.pgfold_id as id, num_nulls("c"."mail", "c"."name", "c"."house", "c"."nights", "c"."born", "c"."card", "c"."guest_id", "c"."left_on", "c"."vip", "c"."pgfold_w0", "c"."pgfold_u2", "c"."pgfold_key", "c"."pgfold_defaulted", "c"."pgfold_unmapped", "c"."pgfold_alike", "c"."pgfold_faults", "c"."pgfold_lossy", "c"."pgfold_big", "c"."pgfold_cut", "c"."pgfold_narrowed") as forced
+           c.pgfold_id as id, num_nulls("c"."mail", "c"."name", "c"."nights", "c"."card", "c"."guest_id", "c"."house", "c"."born", "c"."left_on", "c"."vip", "c"."pgfold_w0", "c"."pgfold_u2", "c"."pgfold_key", "c"."pgfold_defaulted", "c"."pgfold_unmapped", "c"."pgfold_alike", "c"."pgfold_faults", "c"."pgfold_lossy", "c"."pgfold_big", "c"."pgfold_cut", "c"."pgfold_narrowed") as forced
       from (
   -- a row is a shaped row with its outcome
@@ -476,5 +476,4 @@
            case when q."nights" is not distinct from null then '23502 nights' end,
            case when q."rest" is not distinct from null then '23502 rest' end,
-           case when q."house" is not null and not exists (select from "public"."houses" r where r."house" = q."house") then '23503 guests_house_fkey' end,
            case when not (nights > 0) then '23514 guests_nights_check' end,
            case when not (not vip or nights > 2) then '23514 guests_vip_stays' end,
@@ -487,8 +486,8 @@
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
@@ -496,16 +495,16 @@
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
-   where (($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer)) and (cardinality($4::text[]) = 0 or not (('old_guests' || ' ' || ("old_guests"."no")::text) = any ($4::text[])))) and coalesce((true), false)
+         case when coalesce(pg_column_size("web_guests"."id"), 0) + coalesce(pg_column_size("web_guests"."mail"), 0) + coalesce(pg_column_size("web_guests"."stay"), 0) + 0 > 100000 then pg_column_size(jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'web_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'stay', "web_guests"."stay"))))) end as pgfold_big
+    from "public"."web_guests" as "web_guests"
+   where (($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid)) and (cardinality($4::text[]) = 0 or not (('web_guests' || ' ' || ("web_guests"."id")::text) = any ($4::text[])))) and coalesce((true), false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -520,5 +519,5 @@
     left join (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on st.id = s.pgfold_id
     left join (select null::text as id, null::text as target_id, null::text as key_then, false as there where false) g on g.id = s.pgfold_id and (not g.there or g.key_then is not distinct from s.pgfold_key collate pg_catalog."C")
-    left join (select v.* from pgfold_contest v where v.source = 'old_guests') v on v.id = s.pgfold_id
+    left join (select v.* from pgfold_contest v where v.source = 'web_guests') v on v.id = s.pgfold_id
   offset 0
     ) i
@@ -530,3 +529,3 @@
   ) g group by g.outcome, g.reason, g.defaulted, g.lossy
 union all
-select 'filtered', 'where', 'where', null, null, count(*), min(("old_guests"."no")::text), 0 from "public"."old_guests" as "old_guests" where (($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))) and not coalesce((true), false) having count(*) > 0
+select 'filtered', 'where', 'where', null, null, count(*), min(("web_guests"."id")::text), 0 from "public"."web_guests" as "web_guests" where (($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid))) and not coalesce((true), false) having count(*) > 0

-- 5/action/Move/look/rows
-- as 4/action/Move/look/rows, but for:
@@ -473,5 +473,4 @@
            case when q."nights" is not distinct from null then '23502 nights' end,
            case when q."rest" is not distinct from null then '23502 rest' end,
-           case when q."house" is not null and not exists (select from "public"."houses" r where r."house" = q."house") then '23503 guests_house_fkey' end,
            case when not (nights > 0) then '23514 guests_nights_check' end,
            case when not (not vip or nights > 2) then '23514 guests_vip_stays' end,
@@ -484,8 +483,8 @@
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
@@ -493,16 +492,16 @@
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
-   where (($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer)) and (cardinality($4::text[]) = 0 or not (('old_guests' || ' ' || ("old_guests"."no")::text) = any ($4::text[])))) and coalesce((true), false)
+         case when coalesce(pg_column_size("web_guests"."id"), 0) + coalesce(pg_column_size("web_guests"."mail"), 0) + coalesce(pg_column_size("web_guests"."stay"), 0) + 0 > 100000 then pg_column_size(jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'web_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'stay', "web_guests"."stay"))))) end as pgfold_big
+    from "public"."web_guests" as "web_guests"
+   where (($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid)) and (cardinality($4::text[]) = 0 or not (('web_guests' || ' ' || ("web_guests"."id")::text) = any ($4::text[])))) and coalesce((true), false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -517,5 +516,5 @@
     left join (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on st.id = s.pgfold_id
     left join (select null::text as id, null::text as target_id, null::text as key_then, false as there where false) g on g.id = s.pgfold_id and (not g.there or g.key_then is not distinct from s.pgfold_key collate pg_catalog."C")
-    left join (select v.* from pgfold_contest v where v.source = 'old_guests') v on v.id = s.pgfold_id
+    left join (select v.* from pgfold_contest v where v.source = 'web_guests') v on v.id = s.pgfold_id
   offset 0
     ) i
@@ -525,4 +524,4 @@
   ) c
 union all
-select ("old_guests"."no")::text, null, 'filtered', 'where', 'where', null, null, null, null
-  from "public"."old_guests" as "old_guests" where (($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))) and not coalesce((true), false)
+select ("web_guests"."id")::text, null, 'filtered', 'where', 'where', null, null, null, null
+  from "public"."web_guests" as "web_guests" where (($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid))) and not coalesce((true), false)

-- 5/action/Move/look/differences
-- as 4/action/Move/look/differences, but for:
@@ -463,5 +463,4 @@
            case when q."nights" is not distinct from null then '23502 nights' end,
            case when q."rest" is not distinct from null then '23502 rest' end,
-           case when q."house" is not null and not exists (select from "public"."houses" r where r."house" = q."house") then '23503 guests_house_fkey' end,
            case when not (nights > 0) then '23514 guests_nights_check' end,
            case when not (not vip or nights > 2) then '23514 guests_vip_stays' end,
@@ -474,8 +473,8 @@
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
@@ -483,16 +482,16 @@
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
-   where (($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer)) and (cardinality($4::text[]) = 0 or not (('old_guests' || ' ' || ("old_guests"."no")::text) = any ($4::text[])))) and coalesce((true), false)
+         case when coalesce(pg_column_size("web_guests"."id"), 0) + coalesce(pg_column_size("web_guests"."mail"), 0) + coalesce(pg_column_size("web_guests"."stay"), 0) + 0 > 100000 then pg_column_size(jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'web_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'stay', "web_guests"."stay"))))) end as pgfold_big
+    from "public"."web_guests" as "web_guests"
+   where (($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid)) and (cardinality($4::text[]) = 0 or not (('web_guests' || ' ' || ("web_guests"."id")::text) = any ($4::text[])))) and coalesce((true), false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -507,5 +506,5 @@
     left join (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on st.id = s.pgfold_id
     left join (select null::text as id, null::text as target_id, null::text as key_then, false as there where false) g on g.id = s.pgfold_id and (not g.there or g.key_then is not distinct from s.pgfold_key collate pg_catalog."C")
-    left join (select v.* from pgfold_contest v where v.source = 'old_guests') v on v.id = s.pgfold_id
+    left join (select v.* from pgfold_contest v where v.source = 'web_guests') v on v.id = s.pgfold_id
   offset 0
     ) i
@@ -515,8 +514,8 @@
 )
     select pgfold_k.pgfold_id as id, pgfold_k.pgfold_key as key, pgfold_k.pgfold_outcome as outcome,
-           pgfold_k.pgfold_winner_source || ' ' || pgfold_k.pgfold_winner as holder, jsonb_build_object('name', "pgfold_w"."name", 'house', "pgfold_w"."house", 'nights', "pgfold_w"."nights", 'born', ("pgfold_w"."born")::text, 'card', "pgfold_w"."card", 'rest', "pgfold_w"."rest") as there, jsonb_build_object('name', "pgfold_k"."name", 'house', "pgfold_k"."house", 'nights', "pgfold_k"."nights", 'born', ("pgfold_k"."born")::text, 'card', "pgfold_k"."card", 'rest', "pgfold_k"."rest") as incoming
+           pgfold_k.pgfold_winner_source || ' ' || pgfold_k.pgfold_winner as holder, jsonb_build_object('name', "pgfold_w"."name", 'nights', "pgfold_w"."nights", 'card', "pgfold_w"."card", 'rest', "pgfold_w"."rest") as there, jsonb_build_object('name', "pgfold_k"."name", 'nights', "pgfold_k"."nights", 'card', "pgfold_k"."card", 'rest', "pgfold_k"."rest") as incoming
       from pgfold_c pgfold_k join pgfold_c pgfold_w on pgfold_w.pgfold_id = pgfold_k.pgfold_winner 
-     where pgfold_k.pgfold_outcome = 'duplicate_in_source' and pgfold_k.pgfold_winner_source = 'old_guests'
-       and (jsonb_build_object('name', "pgfold_k"."name", 'house', "pgfold_k"."house", 'nights', "pgfold_k"."nights", 'born', ("pgfold_k"."born")::text, 'card', "pgfold_k"."card", 'rest', "pgfold_k"."rest")) is distinct from (jsonb_build_object('name', "pgfold_w"."name", 'house', "pgfold_w"."house", 'nights', "pgfold_w"."nights", 'born', ("pgfold_w"."born")::text, 'card', "pgfold_w"."card", 'rest', "pgfold_w"."rest"))
+     where pgfold_k.pgfold_outcome = 'duplicate_in_source' and pgfold_k.pgfold_winner_source = 'web_guests'
+       and (jsonb_build_object('name', "pgfold_k"."name", 'nights', "pgfold_k"."nights", 'card', "pgfold_k"."card", 'rest', "pgfold_k"."rest")) is distinct from (jsonb_build_object('name', "pgfold_w"."name", 'nights', "pgfold_w"."nights", 'card', "pgfold_w"."card", 'rest', "pgfold_w"."rest"))
 
     union all
@@ -532,4 +531,5 @@
            case when q."nights" is not distinct from null then '23502 nights' end,
            case when q."rest" is not distinct from null then '23502 rest' end,
+           case when q."house" is not null and not exists (select from "public"."houses" r where r."house" = q."house") then '23503 guests_house_fkey' end,
            case when not (nights > 0) then '23514 guests_nights_check' end,
            case when not (not vip or nights > 2) then '23514 guests_vip_stays' end,
@@ -542,8 +542,8 @@
     from (
   -- a row is a source row with the values that its target row would be given
-  select ("web_guests"."id")::text as pgfold_id,
-         hash_array_extended(array["web_guests"."id"::text, "web_guests"."mail"::text, "web_guests"."name"::text, "web_guests"."stay"::text, "web_guests"."card"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
-         "web_guests"."id" as pgfold_i0,
-         id as pgfold_w0,
+  select ("old_guests"."no")::text as pgfold_id,
+         hash_array_extended(array["old_guests"."no"::text, "old_guests"."mail"::text, "old_guests"."full_name"::text, "old_guests"."house"::text, "old_guests"."nights"::text, "old_guests"."born"::text, "old_guests"."card"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
+         "old_guests"."no" as pgfold_i0,
+         no as pgfold_w0,
          null::text[] as pgfold_defaulted,
          null::text[] as pgfold_unmapped,
@@ -551,16 +551,16 @@
          null::text[] as pgfold_narrowed,
          (lower(mail))::text as "mail",
-         (name)::character varying as "pgfold_r2",
-         (coalesce(stay, 1))::integer as "nights",
+         (full_name)::character varying as "pgfold_r2",
+         (house)::text as "house",
+         (nights::int)::integer as "nights",
+         (born::date)::date as "born",
          (card)::text as "card",
-         jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'web_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'stay', "web_guests"."stay")))) as "rest",
+         jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'old_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('no', "old_guests"."no", 'mail', "old_guests"."mail", 'nights', "old_guests"."nights", 'born', "old_guests"."born")))) as "rest",
          (null)::bigint as "guest_id",
-         (null)::text as "house",
-         (null)::date as "born",
          (null)::date as "left_on",
          (false)::boolean as "vip",
-         case when coalesce(pg_column_size("web_guests"."id"), 0) + coalesce(pg_column_size("web_guests"."mail"), 0) + coalesce(pg_column_size("web_guests"."stay"), 0) + 0 > 100000 then pg_column_size(jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'web_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'stay', "web_guests"."stay"))))) end as pgfold_big
-    from "public"."web_guests" as "web_guests"
-   where (("web_guests"."id")::text in (select pgfold_o.pgfold_winner from pgfold_c pgfold_o where pgfold_o.pgfold_outcome = 'duplicate_in_source' and pgfold_o.pgfold_winner_source = 'web_guests')) and coalesce((true), false)
+         case when coalesce(pg_column_size("old_guests"."no"), 0) + coalesce(pg_column_size("old_guests"."mail"), 0) + coalesce(pg_column_size("old_guests"."nights"), 0) + coalesce(pg_column_size("old_guests"."born"), 0) + 0 > 100000 then pg_column_size(jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'old_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('no', "old_guests"."no", 'mail', "old_guests"."mail", 'nights', "old_guests"."nights", 'born', "old_guests"."born"))))) end as pgfold_big
+    from "public"."old_guests" as "old_guests"
+   where (("old_guests"."no")::text in (select pgfold_o.pgfold_winner from pgfold_c pgfold_o where pgfold_o.pgfold_outcome = 'duplicate_in_source' and pgfold_o.pgfold_winner_source = 'old_guests')) and coalesce((true), false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -571,5 +571,5 @@
   offset 0
 ) pgfold_w on pgfold_w.pgfold_id = pgfold_k.pgfold_winner 
-     where pgfold_k.pgfold_outcome = 'duplicate_in_source' and pgfold_k.pgfold_winner_source = 'web_guests'
+     where pgfold_k.pgfold_outcome = 'duplicate_in_source' and pgfold_k.pgfold_winner_source = 'old_guests'
        and (jsonb_build_object('name', "pgfold_k"."name", 'nights', "pgfold_k"."nights", 'card', "pgfold_k"."card")) is distinct from (jsonb_build_object('name', "pgfold_w"."name", 'nights', "pgfold_w"."nights", 'card', "pgfold_w"."card"))

-- 5/action/Move/look/faults
-- as 4/action/Move/look/faults, but for:
@@ -464,5 +464,4 @@
            case when q."nights" is not distinct from null then '23502 nights' end,
            case when q."rest" is not distinct from null then '23502 rest' end,
-           case when q."house" is not null and not exists (select from "public"."houses" r where r."house" = q."house") then '23503 guests_house_fkey' end,
            case when not (nights > 0) then '23514 guests_nights_check' end,
            case when not (not vip or nights > 2) then '23514 guests_vip_stays' end,
@@ -475,8 +474,8 @@
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
@@ -484,16 +483,16 @@
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
-   where (($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer)) and (cardinality($4::text[]) = 0 or not (('old_guests' || ' ' || ("old_guests"."no")::text) = any ($4::text[])))) and coalesce((true), false)
+         case when coalesce(pg_column_size("web_guests"."id"), 0) + coalesce(pg_column_size("web_guests"."mail"), 0) + coalesce(pg_column_size("web_guests"."stay"), 0) + 0 > 100000 then pg_column_size(jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'web_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'stay', "web_guests"."stay"))))) end as pgfold_big
+    from "public"."web_guests" as "web_guests"
+   where (($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid)) and (cardinality($4::text[]) = 0 or not (('web_guests' || ' ' || ("web_guests"."id")::text) = any ($4::text[])))) and coalesce((true), false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -508,5 +507,5 @@
     left join (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on st.id = s.pgfold_id
     left join (select null::text as id, null::text as target_id, null::text as key_then, false as there where false) g on g.id = s.pgfold_id and (not g.there or g.key_then is not distinct from s.pgfold_key collate pg_catalog."C")
-    left join (select v.* from pgfold_contest v where v.source = 'old_guests') v on v.id = s.pgfold_id
+    left join (select v.* from pgfold_contest v where v.source = 'web_guests') v on v.id = s.pgfold_id
   offset 0
     ) i

-- 5/action/Move/look/evaluate
-- one row: how many rows of the range have a fault; raises where a row cannot be evaluated at all
select count(*) as rows, count(*) filter (where cardinality(q.pgfold_faults) > 0) as faulty, coalesce(sum(num_nulls("q"."mail", "q"."name", "q"."nights", "q"."card", "q"."guest_id", "q"."house", "q"."born", "q"."left_on", "q"."vip", "q"."pgfold_w0", "q"."pgfold_u2", "q"."pgfold_key", "q"."pgfold_defaulted", "q"."pgfold_unmapped", "q"."pgfold_alike", "q"."pgfold_faults", "q"."pgfold_lossy", "q"."pgfold_big", "q"."pgfold_cut", "q"."pgfold_narrowed")), 0) as looked
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
   where (($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid)) and (cardinality($4::text[]) = 0 or not (('web_guests' || ' ' || ("web_guests"."id")::text) = any ($4::text[])))) and coalesce((true), false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
  offset 0
  ) q
  offset 0

  ) q

-- 5/action/Move/look/halve
-- one row: how many rows a range has, and where its lower half ends
select count(*) as rows, (array_agg(q.upto order by q.n))[greatest(count(*) / 2, 1)] as middle
  from (select to_jsonb(array[("web_guests"."id")::text]) as upto, row_number() over (order by "web_guests"."id") as n
          from "public"."web_guests" as "web_guests" where ($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid))) q


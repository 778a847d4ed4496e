-- 6/action/Contest/sql
insert into pgfold.verdict (run, source, id, verdict, reason, winner_source, winner, key_held, claim, claim_on)
select $1::bigint, k.source, k.id, k.verdict, k.reason, k.winner_source, k.winner, k.key_held, k.claim, k.claim_on from (  -- a row is a source row that shares its key or another unique value with a better-ranked one
  select q.source, q.id, q.verdict, q.reason, q.winner_source, q.winner, q.winner_target, q.key_held, q.claim, q.claim_on
  from (
    with pgfold_keyed as materialized (
select 0 as place, q.pgfold_id as id, q.pgfold_key as key, q.pgfold_alike as alike from (  -- a row is a source row as the target row it would become, with what is wrong with it
  select q.*,
         ("q"."item_key")::text as pgfold_key,
         lower(btrim(title))::text as pgfold_alike,
         array_remove(array[case when (q."item_key" is null or btrim(q."item_key"::text) = '') then '23502 item_key' end,
           case when char_length(q."pgfold_r2") > 20 then '22001 barcode' end,
           case when (q."pgfold_r3" is null or btrim(q."pgfold_r3"::text) = '') then '23502 title' end,
           case when char_length(q."pgfold_r3") > 120 then '22001 title' end,
           case when q."binding" is not distinct from null then '23502 binding' end,
           case when q."pgfold_r8"::numeric not in ('NaN') and abs(round(q."pgfold_r8"::numeric, 2)) >= 10::numeric ^ 6 then '22003 price' end,
           case when q."catalogued_at" is not distinct from null then '23502 catalogued_at' end,
           case when q."subjects" is not distinct from null then '23502 subjects' end,
           case when q."on_loan" is not distinct from null then '23502 on_loan' end,
           case when q."extra" is not distinct from null then '23502 extra' end,
           case when not ((price >= (0)::numeric)) then '23514 items_price_check' end,
           case when not ((btrim((title)::text) <> ''::text)) then '23514 items_title_check' end,
           (select 'unmapped ' || u from unnest(q.pgfold_unmapped) u limit 1)]::text[], null) as pgfold_faults,
         (select array_agg(distinct u) from unnest(nullif(array_remove(array[case when q."barcode"::character varying is distinct from q."pgfold_r2" then 'barcode' end, case when q."title"::character varying is distinct from q."pgfold_r3" then 'title' end, case when q."price"::numeric is distinct from q."pgfold_r8" then 'price' end]::text[], null), '{}') || q.pgfold_narrowed) u) as pgfold_lossy,
         case when not ((barcode) is not distinct from null) and (true) then row(((barcode) collate "pg_catalog"."default")) end as pgfold_u1,
         (barcode) as pgfold_u1_0
  from (
select q.*, (length((title)::text))::integer as "title_length"
    from (
select q.*, q."pgfold_r2"::character varying(20) as "barcode",
         q."pgfold_r3"::character varying(120) as "title",
         case when not (q."pgfold_r8"::numeric not in ('NaN') and abs(round(q."pgfold_r8"::numeric, 2)) >= 10::numeric ^ 6) then q."pgfold_r8"::numeric(8,2) end as "price"
    from (
  -- a row is a source row with the values that its target row would be given
  select ("old_books"."book_no")::text as pgfold_id,
         hash_array_extended(array["old_books"."book_no"::text, "old_books"."barcode"::text, "old_books"."book_title"::text, "old_books"."writer"::text, "old_books"."cover"::text, "old_books"."isbn_text"::text, "old_books"."cost"::text, "old_books"."bought"::text, "old_books"."seen"::text, "old_books"."added"::text, "old_books"."remarks"::text, "old_books"."details"::text, "old_books"."topics"::text, "old_books"."lent_out"::text, "old_books"."Shelf ""Hint"""::text, "old_books"."file_sum"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
         "old_books"."book_no" as pgfold_i0,
         added as pgfold_w0, book_no as pgfold_w1,
         nullif(array_remove(array[case when (cover)::text is null or ((cover)::text not in ('H', 'P', 'D')) then 'binding' end]::text[], null), '{}') as pgfold_defaulted,
         nullif(array_remove(array[case when (lent_out)::text not in ('Y', 'N') then 'on_loan' end]::text[], null), '{}') as pgfold_unmapped,
         null::text[] as pgfold_cut,
         nullif(array_remove(array[case when ("old_books"."seen")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."seen" then 'last_seen_at' end, case when ("old_books"."added")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."added" then 'catalogued_at' end]::text[], null), '{}') as pgfold_narrowed,
         (coalesce('BOOK-' || barcode, 'BOOK#' || book_no))::text as "item_key",
         (barcode)::character varying as "pgfold_r2",
         (book_title)::character varying as "pgfold_r3",
         (writer)::text as "author",
         (case (cover)::text when 'H' then 'hardback' when 'P' then 'paperback' when 'D' then 'digital' else 'unknown' end)::binding as "binding",
         (nullif(regexp_replace(isbn_text, '[^0-9]', '', 'g'), ''))::isbn13 as "isbn",
         (round(cost, 2))::numeric as "pgfold_r8",
         (bought)::date as "acquired_on",
         (seen)::timestamp with time zone as "last_seen_at",
         (added)::timestamp with time zone as "catalogued_at",
         (remarks)::text as "notes",
         (array(select jsonb_array_elements_text(topics)))::text[] as "subjects",
         (case (lent_out)::text when 'Y' then 'true' when 'N' then 'false' else null end)::boolean as "on_loan",
         (select case when jsonb_typeof(o.own) = 'object' then o.own
             when o.own is null or jsonb_typeof(o.own) = 'null' then '{}'
             else jsonb_build_object('value', o.own) end
        || jsonb_build_object('old_book'::text,
             case when jsonb_typeof(o.own) = 'object' and o.own ? 'old_book'
                  then jsonb_build_object('old_book'::text, o.own -> 'old_book') else '{}' end
             || jsonb_build_object('pgfold_source', 'old_books'::text) || (jsonb_strip_nulls(jsonb_build_object('book_no', "old_books"."book_no", 'cover', "old_books"."cover", 'isbn_text', "old_books"."isbn_text", 'cost', "old_books"."cost", 'lent_out', "old_books"."lent_out", 'Shelf "Hint"', "old_books"."Shelf ""Hint""")) || case when "old_books"."topics" is not null then jsonb_build_object('topics'::text, "old_books"."topics") else '{}' end || jsonb_strip_nulls(jsonb_build_object('pgfold_text'::text, nullif(jsonb_strip_nulls(jsonb_build_object('last_seen_at', case when ("old_books"."seen")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."seen" then ("old_books"."seen")::text end, 'catalogued_at', case when ("old_books"."added")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."added" then ("old_books"."added")::text end)), '{}')))))
   from (select (details)::jsonb as own) o)
 as "extra",
         (null)::bigint as "item_id",
         (null)::integer as "accession",
         (0)::integer as "times_lent",
         (null)::tsvector as "words",
         (now())::timestamp with time zone as "touched_at",
         (null)::date as "removed_on",
         null::int as pgfold_big
    from "public"."old_books" as "old_books"
   where (case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then ((true and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.id = ("old_books"."book_no")::text) is distinct from 'raises')) and coalesce((true), false)) end) and coalesce(true, false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
  offset 0
  ) q
  offset 0
  ) q
  offset 0
) q
union all
select 1 as place, q.pgfold_id as id, q.pgfold_key as key, q.pgfold_alike as alike from (  -- a row is a source row as the target row it would become, with what is wrong with it
  select q.*,
         ("q"."item_key")::text as pgfold_key,
         lower(btrim(title))::text as pgfold_alike,
         array_remove(array[case when (q."item_key" is null or btrim(q."item_key"::text) = '') then '23502 item_key' end,
           case when char_length(q."pgfold_r2") > 20 then '22001 barcode' end,
           case when (q."pgfold_r3" is null or btrim(q."pgfold_r3"::text) = '') then '23502 title' end,
           case when char_length(q."pgfold_r3") > 120 then '22001 title' end,
           case when q."pgfold_r8"::numeric not in ('NaN') and abs(round(q."pgfold_r8"::numeric, 2)) >= 10::numeric ^ 6 then '22003 price' end,
           case when q."catalogued_at" is not distinct from null then '23502 catalogued_at' end,
           case when q."subjects" is not distinct from null then '23502 subjects' end,
           case when q."extra" is not distinct from null then '23502 extra' end,
           case when not ((price >= (0)::numeric)) then '23514 items_price_check' end,
           case when not ((btrim((title)::text) <> ''::text)) then '23514 items_title_check' end,
           (select 'unmapped ' || u from unnest(q.pgfold_unmapped) u limit 1)]::text[], null) as pgfold_faults,
         nullif(array_remove(array[case when q."barcode"::character varying is distinct from q."pgfold_r2" then 'barcode' end, case when q."title"::character varying is distinct from q."pgfold_r3" then 'title' end, case when q."price"::numeric is distinct from q."pgfold_r8" then 'price' end]::text[], null), '{}') as pgfold_lossy,
         case when not ((barcode) is not distinct from null) and (true) then row(((barcode) collate "pg_catalog"."default")) end as pgfold_u1,
         (barcode) as pgfold_u1_0
  from (
select q.*, (length((title)::text))::integer as "title_length"
    from (
select q.*, q."pgfold_r2"::character varying(20) as "barcode",
         q."pgfold_r3"::character varying(120) as "title",
         case when not (q."pgfold_r8"::numeric not in ('NaN') and abs(round(q."pgfold_r8"::numeric, 2)) >= 10::numeric ^ 6) then q."pgfold_r8"::numeric(8,2) end as "price"
    from (
  -- a row is a source row with the values that its target row would be given
  select array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text as pgfold_id,
         hash_array_extended(array["archive_stock"."branch"::text, "archive_stock"."item_no"::text, "archive_stock"."barcode"::text, "archive_stock"."label"::text, "archive_stock"."keywords"::text, "archive_stock"."condition"::text, "archive_stock"."worth"::text, "archive_stock"."acidity"::text, "archive_stock"."loan_period"::text, ("archive_stock"."received" at time zone 'UTC')::text, "archive_stock"."written_off"::text, "archive_stock"."memo"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
         "archive_stock"."branch" as pgfold_i0, "archive_stock"."item_no" as pgfold_i1,
         received as pgfold_w0, branch as pgfold_w1, item_no as pgfold_w2,
         null::text[] as pgfold_defaulted,
         null::text[] as pgfold_unmapped,
         null::text[] as pgfold_cut,
         null::text[] as pgfold_narrowed,
         (coalesce('BOOK-' || barcode, 'ARCHIVE-' || branch || '-' || item_no))::text as "item_key",
         (barcode)::character varying as "pgfold_r2",
         (label)::character varying as "pgfold_r3",
         (round(worth::numeric, 2))::numeric as "pgfold_r8",
         (received)::timestamp with time zone as "catalogued_at",
         (memo)::text as "notes",
         (keywords)::text[] as "subjects",
         jsonb_build_object('archive'::text, jsonb_build_object('pgfold_source', 'archive_stock'::text) || (jsonb_strip_nulls(jsonb_build_object('branch', "archive_stock"."branch", 'item_no', "archive_stock"."item_no", 'condition', ("archive_stock"."condition")::text, 'worth', case when "archive_stock"."worth" = 0 and ("archive_stock"."worth")::text like '-%' then to_jsonb(("archive_stock"."worth")::text) else to_jsonb("archive_stock"."worth") end, 'acidity', case when "archive_stock"."acidity" = 0 and ("archive_stock"."acidity")::text like '-%' then to_jsonb(("archive_stock"."acidity")::text) else to_jsonb("archive_stock"."acidity") end, 'loan_period', ("archive_stock"."loan_period")::text, 'written_off', ("archive_stock"."written_off")::text)))) as "extra",
         (null)::bigint as "item_id",
         (null)::integer as "accession",
         (null)::text as "author",
         ('unknown'::binding)::binding as "binding",
         (null)::isbn13 as "isbn",
         (null)::date as "acquired_on",
         (null)::timestamp with time zone as "last_seen_at",
         (false)::boolean as "on_loan",
         (0)::integer as "times_lent",
         (null)::tsvector as "words",
         (now())::timestamp with time zone as "touched_at",
         (null)::date as "removed_on",
         null::int as pgfold_big
    from "public"."archive_stock" as "archive_stock"
   where (case when pg_catalog.set_config('TimeZone', 'UTC', true) is not null then ((true and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.id = array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text) is distinct from 'raises')) and coalesce((condition <> 'missing'), false)) end) and coalesce(true, false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
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
            select 'old_books'::text as source, q.pgfold_id as id, q.pgfold_key as key, cardinality(q.pgfold_faults) = 0 and (h.pgfold_tid is not null or k.taken is null) as ok,
                   o.standing, case when o.standing then st.target_id end as standing_target, false as merges, h.pgfold_tid is not null as held, 0 as place, false as joins,
                   row_number() over (order by q.pgfold_w0 desc, q.pgfold_w1, q.pgfold_i0) as rank
              from (
  -- a row is a source row as the target row it would become, with what is wrong with it
  select q.*,
         ("q"."item_key")::text as pgfold_key,
         lower(btrim(title))::text as pgfold_alike,
         array_remove(array[case when (q."item_key" is null or btrim(q."item_key"::text) = '') then '23502 item_key' end,
           case when char_length(q."pgfold_r2") > 20 then '22001 barcode' end,
           case when (q."pgfold_r3" is null or btrim(q."pgfold_r3"::text) = '') then '23502 title' end,
           case when char_length(q."pgfold_r3") > 120 then '22001 title' end,
           case when q."binding" is not distinct from null then '23502 binding' end,
           case when q."pgfold_r8"::numeric not in ('NaN') and abs(round(q."pgfold_r8"::numeric, 2)) >= 10::numeric ^ 6 then '22003 price' end,
           case when q."catalogued_at" is not distinct from null then '23502 catalogued_at' end,
           case when q."subjects" is not distinct from null then '23502 subjects' end,
           case when q."on_loan" is not distinct from null then '23502 on_loan' end,
           case when q."extra" is not distinct from null then '23502 extra' end,
           case when not ((price >= (0)::numeric)) then '23514 items_price_check' end,
           case when not ((btrim((title)::text) <> ''::text)) then '23514 items_title_check' end,
           (select 'unmapped ' || u from unnest(q.pgfold_unmapped) u limit 1)]::text[], null) as pgfold_faults,
         (select array_agg(distinct u) from unnest(nullif(array_remove(array[case when q."barcode"::character varying is distinct from q."pgfold_r2" then 'barcode' end, case when q."title"::character varying is distinct from q."pgfold_r3" then 'title' end, case when q."price"::numeric is distinct from q."pgfold_r8" then 'price' end]::text[], null), '{}') || q.pgfold_narrowed) u) as pgfold_lossy,
         case when not ((barcode) is not distinct from null) and (true) then row(((barcode) collate "pg_catalog"."default")) end as pgfold_u1,
         (barcode) as pgfold_u1_0
  from (
select q.*, (length((title)::text))::integer as "title_length"
    from (
select q.*, q."pgfold_r2"::character varying(20) as "barcode",
         q."pgfold_r3"::character varying(120) as "title",
         case when not (q."pgfold_r8"::numeric not in ('NaN') and abs(round(q."pgfold_r8"::numeric, 2)) >= 10::numeric ^ 6) then q."pgfold_r8"::numeric(8,2) end as "price"
    from (
  -- a row is a source row with the values that its target row would be given
  select ("old_books"."book_no")::text as pgfold_id,
         hash_array_extended(array["old_books"."book_no"::text, "old_books"."barcode"::text, "old_books"."book_title"::text, "old_books"."writer"::text, "old_books"."cover"::text, "old_books"."isbn_text"::text, "old_books"."cost"::text, "old_books"."bought"::text, "old_books"."seen"::text, "old_books"."added"::text, "old_books"."remarks"::text, "old_books"."details"::text, "old_books"."topics"::text, "old_books"."lent_out"::text, "old_books"."Shelf ""Hint"""::text, "old_books"."file_sum"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
         "old_books"."book_no" as pgfold_i0,
         added as pgfold_w0, book_no as pgfold_w1,
         nullif(array_remove(array[case when (cover)::text is null or ((cover)::text not in ('H', 'P', 'D')) then 'binding' end]::text[], null), '{}') as pgfold_defaulted,
         nullif(array_remove(array[case when (lent_out)::text not in ('Y', 'N') then 'on_loan' end]::text[], null), '{}') as pgfold_unmapped,
         null::text[] as pgfold_cut,
         nullif(array_remove(array[case when ("old_books"."seen")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."seen" then 'last_seen_at' end, case when ("old_books"."added")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."added" then 'catalogued_at' end]::text[], null), '{}') as pgfold_narrowed,
         (coalesce('BOOK-' || barcode, 'BOOK#' || book_no))::text as "item_key",
         (barcode)::character varying as "pgfold_r2",
         (book_title)::character varying as "pgfold_r3",
         (writer)::text as "author",
         (case (cover)::text when 'H' then 'hardback' when 'P' then 'paperback' when 'D' then 'digital' else 'unknown' end)::binding as "binding",
         (nullif(regexp_replace(isbn_text, '[^0-9]', '', 'g'), ''))::isbn13 as "isbn",
         (round(cost, 2))::numeric as "pgfold_r8",
         (bought)::date as "acquired_on",
         (seen)::timestamp with time zone as "last_seen_at",
         (added)::timestamp with time zone as "catalogued_at",
         (remarks)::text as "notes",
         (array(select jsonb_array_elements_text(topics)))::text[] as "subjects",
         (case (lent_out)::text when 'Y' then 'true' when 'N' then 'false' else null end)::boolean as "on_loan",
         (select case when jsonb_typeof(o.own) = 'object' then o.own
             when o.own is null or jsonb_typeof(o.own) = 'null' then '{}'
             else jsonb_build_object('value', o.own) end
        || jsonb_build_object('old_book'::text,
             case when jsonb_typeof(o.own) = 'object' and o.own ? 'old_book'
                  then jsonb_build_object('old_book'::text, o.own -> 'old_book') else '{}' end
             || jsonb_build_object('pgfold_source', 'old_books'::text) || (jsonb_strip_nulls(jsonb_build_object('book_no', "old_books"."book_no", 'cover', "old_books"."cover", 'isbn_text', "old_books"."isbn_text", 'cost', "old_books"."cost", 'lent_out', "old_books"."lent_out", 'Shelf "Hint"', "old_books"."Shelf ""Hint""")) || case when "old_books"."topics" is not null then jsonb_build_object('topics'::text, "old_books"."topics") else '{}' end || jsonb_strip_nulls(jsonb_build_object('pgfold_text'::text, nullif(jsonb_strip_nulls(jsonb_build_object('last_seen_at', case when ("old_books"."seen")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."seen" then ("old_books"."seen")::text end, 'catalogued_at', case when ("old_books"."added")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."added" then ("old_books"."added")::text end)), '{}')))))
   from (select (details)::jsonb as own) o)
 as "extra",
         (null)::bigint as "item_id",
         (null)::integer as "accession",
         (0)::integer as "times_lent",
         (null)::tsvector as "words",
         (now())::timestamp with time zone as "touched_at",
         (null)::date as "removed_on",
         null::int as pgfold_big
    from "public"."old_books" as "old_books"
   where (case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then ((("old_books"."book_no")::text in (select w.id from pgfold_twice w where w.place = 0) and (true and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.id = ("old_books"."book_no")::text) is distinct from 'raises'))) and coalesce((true), false)) end) and coalesce(true, false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
  offset 0
  ) q
  offset 0
  ) q
  offset 0

              ) q
              left join (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on st.id = q.pgfold_id
              left join (select pgfold_t.*, ("pgfold_t"."item_id")::text as pgfold_tid, ("pgfold_t"."item_key")::text as pgfold_tkey, coalesce((removed_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."items" pgfold_t where true
 and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."item_id")::text)) h on h.pgfold_tkey = q.pgfold_key
              -- a row whose target row went, and whose key another row holds by now, stands no more
              cross join lateral (select st.run is not null and (h.pgfold_tid is null or h.pgfold_tid = st.target_id) as standing) o
              cross join lateral (select q.*) s cross join lateral (select h.pgfold_tid) t
              -- who would be rejected wins nothing
              cross join lateral (select coalesce(case when s.pgfold_u1 is distinct from null and exists (select from "public"."items" pgfold_t where (barcode) operator(pg_catalog.=) ("s".pgfold_u1_0 collate "pg_catalog"."default") and ("pgfold_t"."item_id")::text is distinct from t.pgfold_tid) then '23505 items_barcode_key' end) as taken) k

union all
            select 'archive_stock'::text as source, q.pgfold_id as id, q.pgfold_key as key, cardinality(q.pgfold_faults) = 0 and (h.pgfold_tid is not null or k.taken is null) as ok,
                   o.standing, case when o.standing then st.target_id end as standing_target, false as merges, h.pgfold_tid is not null as held, 1 as place, false as joins,
                   row_number() over (order by q.pgfold_w0, q.pgfold_w1, q.pgfold_w2, q.pgfold_i0, q.pgfold_i1) as rank
              from (
  -- a row is a source row as the target row it would become, with what is wrong with it
  select q.*,
         ("q"."item_key")::text as pgfold_key,
         lower(btrim(title))::text as pgfold_alike,
         array_remove(array[case when (q."item_key" is null or btrim(q."item_key"::text) = '') then '23502 item_key' end,
           case when char_length(q."pgfold_r2") > 20 then '22001 barcode' end,
           case when (q."pgfold_r3" is null or btrim(q."pgfold_r3"::text) = '') then '23502 title' end,
           case when char_length(q."pgfold_r3") > 120 then '22001 title' end,
           case when q."pgfold_r8"::numeric not in ('NaN') and abs(round(q."pgfold_r8"::numeric, 2)) >= 10::numeric ^ 6 then '22003 price' end,
           case when q."catalogued_at" is not distinct from null then '23502 catalogued_at' end,
           case when q."subjects" is not distinct from null then '23502 subjects' end,
           case when q."extra" is not distinct from null then '23502 extra' end,
           case when not ((price >= (0)::numeric)) then '23514 items_price_check' end,
           case when not ((btrim((title)::text) <> ''::text)) then '23514 items_title_check' end,
           (select 'unmapped ' || u from unnest(q.pgfold_unmapped) u limit 1)]::text[], null) as pgfold_faults,
         nullif(array_remove(array[case when q."barcode"::character varying is distinct from q."pgfold_r2" then 'barcode' end, case when q."title"::character varying is distinct from q."pgfold_r3" then 'title' end, case when q."price"::numeric is distinct from q."pgfold_r8" then 'price' end]::text[], null), '{}') as pgfold_lossy,
         case when not ((barcode) is not distinct from null) and (true) then row(((barcode) collate "pg_catalog"."default")) end as pgfold_u1,
         (barcode) as pgfold_u1_0
  from (
select q.*, (length((title)::text))::integer as "title_length"
    from (
select q.*, q."pgfold_r2"::character varying(20) as "barcode",
         q."pgfold_r3"::character varying(120) as "title",
         case when not (q."pgfold_r8"::numeric not in ('NaN') and abs(round(q."pgfold_r8"::numeric, 2)) >= 10::numeric ^ 6) then q."pgfold_r8"::numeric(8,2) end as "price"
    from (
  -- a row is a source row with the values that its target row would be given
  select array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text as pgfold_id,
         hash_array_extended(array["archive_stock"."branch"::text, "archive_stock"."item_no"::text, "archive_stock"."barcode"::text, "archive_stock"."label"::text, "archive_stock"."keywords"::text, "archive_stock"."condition"::text, "archive_stock"."worth"::text, "archive_stock"."acidity"::text, "archive_stock"."loan_period"::text, ("archive_stock"."received" at time zone 'UTC')::text, "archive_stock"."written_off"::text, "archive_stock"."memo"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
         "archive_stock"."branch" as pgfold_i0, "archive_stock"."item_no" as pgfold_i1,
         received as pgfold_w0, branch as pgfold_w1, item_no as pgfold_w2,
         null::text[] as pgfold_defaulted,
         null::text[] as pgfold_unmapped,
         null::text[] as pgfold_cut,
         null::text[] as pgfold_narrowed,
         (coalesce('BOOK-' || barcode, 'ARCHIVE-' || branch || '-' || item_no))::text as "item_key",
         (barcode)::character varying as "pgfold_r2",
         (label)::character varying as "pgfold_r3",
         (round(worth::numeric, 2))::numeric as "pgfold_r8",
         (received)::timestamp with time zone as "catalogued_at",
         (memo)::text as "notes",
         (keywords)::text[] as "subjects",
         jsonb_build_object('archive'::text, jsonb_build_object('pgfold_source', 'archive_stock'::text) || (jsonb_strip_nulls(jsonb_build_object('branch', "archive_stock"."branch", 'item_no', "archive_stock"."item_no", 'condition', ("archive_stock"."condition")::text, 'worth', case when "archive_stock"."worth" = 0 and ("archive_stock"."worth")::text like '-%' then to_jsonb(("archive_stock"."worth")::text) else to_jsonb("archive_stock"."worth") end, 'acidity', case when "archive_stock"."acidity" = 0 and ("archive_stock"."acidity")::text like '-%' then to_jsonb(("archive_stock"."acidity")::text) else to_jsonb("archive_stock"."acidity") end, 'loan_period', ("archive_stock"."loan_period")::text, 'written_off', ("archive_stock"."written_off")::text)))) as "extra",
         (null)::bigint as "item_id",
         (null)::integer as "accession",
         (null)::text as "author",
         ('unknown'::binding)::binding as "binding",
         (null)::isbn13 as "isbn",
         (null)::date as "acquired_on",
         (null)::timestamp with time zone as "last_seen_at",
         (false)::boolean as "on_loan",
         (0)::integer as "times_lent",
         (null)::tsvector as "words",
         (now())::timestamp with time zone as "touched_at",
         (null)::date as "removed_on",
         null::int as pgfold_big
    from "public"."archive_stock" as "archive_stock"
   where (case when pg_catalog.set_config('TimeZone', 'UTC', true) is not null then ((array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text in (select w.id from pgfold_twice w where w.place = 1) and (true and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.id = array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text) is distinct from 'raises'))) and coalesce((condition <> 'missing'), false)) end) and coalesce(true, false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
  offset 0
  ) q
  offset 0
  ) q
  offset 0

              ) q
              left join (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on st.id = q.pgfold_id
              left join (select pgfold_t.*, ("pgfold_t"."item_id")::text as pgfold_tid, ("pgfold_t"."item_key")::text as pgfold_tkey, coalesce((removed_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."items" pgfold_t where true
 and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."item_id")::text)) h on h.pgfold_tkey = q.pgfold_key
              -- a row whose target row went, and whose key another row holds by now, stands no more
              cross join lateral (select st.run is not null and (h.pgfold_tid is null or h.pgfold_tid = st.target_id) as standing) o
              cross join lateral (select q.*) s cross join lateral (select h.pgfold_tid) t
              -- who would be rejected wins nothing
              cross join lateral (select coalesce(case when s.pgfold_u1 is distinct from null and exists (select from "public"."items" pgfold_t where (barcode) operator(pg_catalog.=) ("s".pgfold_u1_0 collate "pg_catalog"."default") and ("pgfold_t"."item_id")::text is distinct from t.pgfold_tid) then '23505 items_barcode_key' end) as taken) k

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
      select r.source, r.id, 2 as weight, 'unique' as verdict, '23505 items_barcode_key'::text as reason, r.winner_source, r.winner, null::text as winner_target, false as key_held, r.entry as claim, 1::int as claim_on
      from (
        select c.source, c.id, c.entry::text as entry, first_value(c.source) over best as winner_source, first_value(c.id) over best as winner,
               row_number() over best as place, count(*) over best as better
          from (
select 'old_books'::text as source, q.pgfold_id as id, 0 as place, row_number() over (order by q.pgfold_w0 desc, q.pgfold_w1, q.pgfold_i0) as rank, q.pgfold_u1 as entry, cardinality(q.pgfold_faults) = 0 as ok from (  -- a row is a source row as the target row it would become, with what is wrong with it
  select q.*,
         ("q"."item_key")::text as pgfold_key,
         lower(btrim(title))::text as pgfold_alike,
         array_remove(array[case when (q."item_key" is null or btrim(q."item_key"::text) = '') then '23502 item_key' end,
           case when char_length(q."pgfold_r2") > 20 then '22001 barcode' end,
           case when (q."pgfold_r3" is null or btrim(q."pgfold_r3"::text) = '') then '23502 title' end,
           case when char_length(q."pgfold_r3") > 120 then '22001 title' end,
           case when q."binding" is not distinct from null then '23502 binding' end,
           case when q."pgfold_r8"::numeric not in ('NaN') and abs(round(q."pgfold_r8"::numeric, 2)) >= 10::numeric ^ 6 then '22003 price' end,
           case when q."catalogued_at" is not distinct from null then '23502 catalogued_at' end,
           case when q."subjects" is not distinct from null then '23502 subjects' end,
           case when q."on_loan" is not distinct from null then '23502 on_loan' end,
           case when q."extra" is not distinct from null then '23502 extra' end,
           case when not ((price >= (0)::numeric)) then '23514 items_price_check' end,
           case when not ((btrim((title)::text) <> ''::text)) then '23514 items_title_check' end,
           (select 'unmapped ' || u from unnest(q.pgfold_unmapped) u limit 1)]::text[], null) as pgfold_faults,
         (select array_agg(distinct u) from unnest(nullif(array_remove(array[case when q."barcode"::character varying is distinct from q."pgfold_r2" then 'barcode' end, case when q."title"::character varying is distinct from q."pgfold_r3" then 'title' end, case when q."price"::numeric is distinct from q."pgfold_r8" then 'price' end]::text[], null), '{}') || q.pgfold_narrowed) u) as pgfold_lossy,
         case when not ((barcode) is not distinct from null) and (true) then row(((barcode) collate "pg_catalog"."default")) end as pgfold_u1,
         (barcode) as pgfold_u1_0
  from (
select q.*, (length((title)::text))::integer as "title_length"
    from (
select q.*, q."pgfold_r2"::character varying(20) as "barcode",
         q."pgfold_r3"::character varying(120) as "title",
         case when not (q."pgfold_r8"::numeric not in ('NaN') and abs(round(q."pgfold_r8"::numeric, 2)) >= 10::numeric ^ 6) then q."pgfold_r8"::numeric(8,2) end as "price"
    from (
  -- a row is a source row with the values that its target row would be given
  select ("old_books"."book_no")::text as pgfold_id,
         hash_array_extended(array["old_books"."book_no"::text, "old_books"."barcode"::text, "old_books"."book_title"::text, "old_books"."writer"::text, "old_books"."cover"::text, "old_books"."isbn_text"::text, "old_books"."cost"::text, "old_books"."bought"::text, "old_books"."seen"::text, "old_books"."added"::text, "old_books"."remarks"::text, "old_books"."details"::text, "old_books"."topics"::text, "old_books"."lent_out"::text, "old_books"."Shelf ""Hint"""::text, "old_books"."file_sum"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
         "old_books"."book_no" as pgfold_i0,
         added as pgfold_w0, book_no as pgfold_w1,
         nullif(array_remove(array[case when (cover)::text is null or ((cover)::text not in ('H', 'P', 'D')) then 'binding' end]::text[], null), '{}') as pgfold_defaulted,
         nullif(array_remove(array[case when (lent_out)::text not in ('Y', 'N') then 'on_loan' end]::text[], null), '{}') as pgfold_unmapped,
         null::text[] as pgfold_cut,
         nullif(array_remove(array[case when ("old_books"."seen")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."seen" then 'last_seen_at' end, case when ("old_books"."added")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."added" then 'catalogued_at' end]::text[], null), '{}') as pgfold_narrowed,
         (coalesce('BOOK-' || barcode, 'BOOK#' || book_no))::text as "item_key",
         (barcode)::character varying as "pgfold_r2",
         (book_title)::character varying as "pgfold_r3",
         (writer)::text as "author",
         (case (cover)::text when 'H' then 'hardback' when 'P' then 'paperback' when 'D' then 'digital' else 'unknown' end)::binding as "binding",
         (nullif(regexp_replace(isbn_text, '[^0-9]', '', 'g'), ''))::isbn13 as "isbn",
         (round(cost, 2))::numeric as "pgfold_r8",
         (bought)::date as "acquired_on",
         (seen)::timestamp with time zone as "last_seen_at",
         (added)::timestamp with time zone as "catalogued_at",
         (remarks)::text as "notes",
         (array(select jsonb_array_elements_text(topics)))::text[] as "subjects",
         (case (lent_out)::text when 'Y' then 'true' when 'N' then 'false' else null end)::boolean as "on_loan",
         (select case when jsonb_typeof(o.own) = 'object' then o.own
             when o.own is null or jsonb_typeof(o.own) = 'null' then '{}'
             else jsonb_build_object('value', o.own) end
        || jsonb_build_object('old_book'::text,
             case when jsonb_typeof(o.own) = 'object' and o.own ? 'old_book'
                  then jsonb_build_object('old_book'::text, o.own -> 'old_book') else '{}' end
             || jsonb_build_object('pgfold_source', 'old_books'::text) || (jsonb_strip_nulls(jsonb_build_object('book_no', "old_books"."book_no", 'cover', "old_books"."cover", 'isbn_text', "old_books"."isbn_text", 'cost', "old_books"."cost", 'lent_out', "old_books"."lent_out", 'Shelf "Hint"', "old_books"."Shelf ""Hint""")) || case when "old_books"."topics" is not null then jsonb_build_object('topics'::text, "old_books"."topics") else '{}' end || jsonb_strip_nulls(jsonb_build_object('pgfold_text'::text, nullif(jsonb_strip_nulls(jsonb_build_object('last_seen_at', case when ("old_books"."seen")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."seen" then ("old_books"."seen")::text end, 'catalogued_at', case when ("old_books"."added")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."added" then ("old_books"."added")::text end)), '{}')))))
   from (select (details)::jsonb as own) o)
 as "extra",
         (null)::bigint as "item_id",
         (null)::integer as "accession",
         (0)::integer as "times_lent",
         (null)::tsvector as "words",
         (now())::timestamp with time zone as "touched_at",
         (null)::date as "removed_on",
         null::int as pgfold_big
    from "public"."old_books" as "old_books"
   where (case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then ((true and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.id = ("old_books"."book_no")::text) is distinct from 'raises')) and coalesce((true), false)) end) and coalesce(true, false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
  offset 0
  ) q
  offset 0
  ) q
  offset 0
) q  where not exists (select from (select pgfold_t.*, ("pgfold_t"."item_id")::text as pgfold_tid, ("pgfold_t"."item_key")::text as pgfold_tkey, coalesce((removed_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."items" pgfold_t where true
 and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."item_id")::text)) h where h.pgfold_tkey = q.pgfold_key) and not exists (select from pgfold_by_key k where k.source = 'old_books' and k.id = q.pgfold_id)
union all
select 'archive_stock'::text as source, q.pgfold_id as id, 1 as place, row_number() over (order by q.pgfold_w0, q.pgfold_w1, q.pgfold_w2, q.pgfold_i0, q.pgfold_i1) as rank, q.pgfold_u1 as entry, cardinality(q.pgfold_faults) = 0 as ok from (  -- a row is a source row as the target row it would become, with what is wrong with it
  select q.*,
         ("q"."item_key")::text as pgfold_key,
         lower(btrim(title))::text as pgfold_alike,
         array_remove(array[case when (q."item_key" is null or btrim(q."item_key"::text) = '') then '23502 item_key' end,
           case when char_length(q."pgfold_r2") > 20 then '22001 barcode' end,
           case when (q."pgfold_r3" is null or btrim(q."pgfold_r3"::text) = '') then '23502 title' end,
           case when char_length(q."pgfold_r3") > 120 then '22001 title' end,
           case when q."pgfold_r8"::numeric not in ('NaN') and abs(round(q."pgfold_r8"::numeric, 2)) >= 10::numeric ^ 6 then '22003 price' end,
           case when q."catalogued_at" is not distinct from null then '23502 catalogued_at' end,
           case when q."subjects" is not distinct from null then '23502 subjects' end,
           case when q."extra" is not distinct from null then '23502 extra' end,
           case when not ((price >= (0)::numeric)) then '23514 items_price_check' end,
           case when not ((btrim((title)::text) <> ''::text)) then '23514 items_title_check' end,
           (select 'unmapped ' || u from unnest(q.pgfold_unmapped) u limit 1)]::text[], null) as pgfold_faults,
         nullif(array_remove(array[case when q."barcode"::character varying is distinct from q."pgfold_r2" then 'barcode' end, case when q."title"::character varying is distinct from q."pgfold_r3" then 'title' end, case when q."price"::numeric is distinct from q."pgfold_r8" then 'price' end]::text[], null), '{}') as pgfold_lossy,
         case when not ((barcode) is not distinct from null) and (true) then row(((barcode) collate "pg_catalog"."default")) end as pgfold_u1,
         (barcode) as pgfold_u1_0
  from (
select q.*, (length((title)::text))::integer as "title_length"
    from (
select q.*, q."pgfold_r2"::character varying(20) as "barcode",
         q."pgfold_r3"::character varying(120) as "title",
         case when not (q."pgfold_r8"::numeric not in ('NaN') and abs(round(q."pgfold_r8"::numeric, 2)) >= 10::numeric ^ 6) then q."pgfold_r8"::numeric(8,2) end as "price"
    from (
  -- a row is a source row with the values that its target row would be given
  select array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text as pgfold_id,
         hash_array_extended(array["archive_stock"."branch"::text, "archive_stock"."item_no"::text, "archive_stock"."barcode"::text, "archive_stock"."label"::text, "archive_stock"."keywords"::text, "archive_stock"."condition"::text, "archive_stock"."worth"::text, "archive_stock"."acidity"::text, "archive_stock"."loan_period"::text, ("archive_stock"."received" at time zone 'UTC')::text, "archive_stock"."written_off"::text, "archive_stock"."memo"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
         "archive_stock"."branch" as pgfold_i0, "archive_stock"."item_no" as pgfold_i1,
         received as pgfold_w0, branch as pgfold_w1, item_no as pgfold_w2,
         null::text[] as pgfold_defaulted,
         null::text[] as pgfold_unmapped,
         null::text[] as pgfold_cut,
         null::text[] as pgfold_narrowed,
         (coalesce('BOOK-' || barcode, 'ARCHIVE-' || branch || '-' || item_no))::text as "item_key",
         (barcode)::character varying as "pgfold_r2",
         (label)::character varying as "pgfold_r3",
         (round(worth::numeric, 2))::numeric as "pgfold_r8",
         (received)::timestamp with time zone as "catalogued_at",
         (memo)::text as "notes",
         (keywords)::text[] as "subjects",
         jsonb_build_object('archive'::text, jsonb_build_object('pgfold_source', 'archive_stock'::text) || (jsonb_strip_nulls(jsonb_build_object('branch', "archive_stock"."branch", 'item_no', "archive_stock"."item_no", 'condition', ("archive_stock"."condition")::text, 'worth', case when "archive_stock"."worth" = 0 and ("archive_stock"."worth")::text like '-%' then to_jsonb(("archive_stock"."worth")::text) else to_jsonb("archive_stock"."worth") end, 'acidity', case when "archive_stock"."acidity" = 0 and ("archive_stock"."acidity")::text like '-%' then to_jsonb(("archive_stock"."acidity")::text) else to_jsonb("archive_stock"."acidity") end, 'loan_period', ("archive_stock"."loan_period")::text, 'written_off', ("archive_stock"."written_off")::text)))) as "extra",
         (null)::bigint as "item_id",
         (null)::integer as "accession",
         (null)::text as "author",
         ('unknown'::binding)::binding as "binding",
         (null)::isbn13 as "isbn",
         (null)::date as "acquired_on",
         (null)::timestamp with time zone as "last_seen_at",
         (false)::boolean as "on_loan",
         (0)::integer as "times_lent",
         (null)::tsvector as "words",
         (now())::timestamp with time zone as "touched_at",
         (null)::date as "removed_on",
         null::int as pgfold_big
    from "public"."archive_stock" as "archive_stock"
   where (case when pg_catalog.set_config('TimeZone', 'UTC', true) is not null then ((true and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.id = array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text) is distinct from 'raises')) and coalesce((condition <> 'missing'), false)) end) and coalesce(true, false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
  offset 0
  ) q
  offset 0
  ) q
  offset 0
) q  where not exists (select from (select pgfold_t.*, ("pgfold_t"."item_id")::text as pgfold_tid, ("pgfold_t"."item_key")::text as pgfold_tkey, coalesce((removed_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."items" pgfold_t where true
 and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."item_id")::text)) h where h.pgfold_tkey = q.pgfold_key) and not exists (select from pgfold_by_key k where k.source = 'archive_stock' and k.id = q.pgfold_id)
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

      union all
      -- rows that the target knows under another key; one that is not live is a match only where the manifest says so
      select 'old_books'::text as source, q.id, 3 as weight, case when t.id is not null then 'secondary_match'::text else 'secondary_match'::text end as verdict,
             case when t.id is not null then 'secondary_key ' || t.id else 'secondary_key_not_live ' || t.dead end as reason,
             null::text as winner_source, null::text as winner, null::text as winner_target, false as key_held, q.alike as claim, -1::int as claim_on
        from pgfold_keyed q
        join (select (lower(btrim(title)))::text as alike, min(("pgfold_t"."item_id")::text) filter (where coalesce((removed_on is null), false)) as id, min(("pgfold_t"."item_id")::text) as dead
                from "public"."items" pgfold_t where true and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."item_id")::text) group by 1) t on t.alike = q.alike
       where q.place = 0 and (t.id is not null or true) and not exists (select from (select pgfold_t.*, ("pgfold_t"."item_id")::text as pgfold_tid, ("pgfold_t"."item_key")::text as pgfold_tkey, coalesce((removed_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."items" pgfold_t where true
 and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."item_id")::text)) h where h.pgfold_tkey = q.key)

      union all
      -- rows that the target knows under another key; one that is not live is a match only where the manifest says so
      select 'archive_stock'::text as source, q.id, 3 as weight, case when t.id is not null then 'secondary_match'::text else 'secondary_match'::text end as verdict,
             case when t.id is not null then 'secondary_key ' || t.id else 'secondary_key_not_live ' || t.dead end as reason,
             null::text as winner_source, null::text as winner, null::text as winner_target, false as key_held, q.alike as claim, -1::int as claim_on
        from pgfold_keyed q
        join (select (lower(btrim(title)))::text as alike, min(("pgfold_t"."item_id")::text) filter (where coalesce((removed_on is null), false)) as id, min(("pgfold_t"."item_id")::text) as dead
                from "public"."items" pgfold_t where true and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."item_id")::text) group by 1) t on t.alike = q.alike
       where q.place = 1 and (t.id is not null or true) and not exists (select from (select pgfold_t.*, ("pgfold_t"."item_id")::text as pgfold_tid, ("pgfold_t"."item_key")::text as pgfold_tkey, coalesce((removed_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."items" pgfold_t where true
 and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."item_id")::text)) h where h.pgfold_tkey = q.key)

    ) a
    order by a.source, a.id, a.weight
  ) q
) k


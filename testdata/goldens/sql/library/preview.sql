-- 7/action/Move/look/settings
-- shaped rows are wide: they are hashed as they come, not sorted, whatever the planner thinks of how many there are
set local enable_mergejoin = off;
set local enable_sort = off;

-- 7/action/Move/look/counts
-- a row is an outcome of this source with its reason, the columns that took a default or lost precision, and how many rows have it
with pgfold_contest as materialized (  -- a row is a source row that shares its key or another unique value with a better-ranked one
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
   where (case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then (((cardinality($4::text[]) = 0 or not (('old_books' || ' ' || ("old_books"."book_no")::text) = any ($4::text[])))) and coalesce((true), false)) end) and coalesce(true, false)
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
   where (case when pg_catalog.set_config('TimeZone', 'UTC', true) is not null then (((cardinality($4::text[]) = 0 or not (('archive_stock' || ' ' || array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text) = any ($4::text[])))) and coalesce((condition <> 'missing'), false)) end) and coalesce(true, false)
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
   where (case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then ((("old_books"."book_no")::text in (select w.id from pgfold_twice w where w.place = 0) and ((cardinality($4::text[]) = 0 or not (('old_books' || ' ' || ("old_books"."book_no")::text) = any ($4::text[]))))) and coalesce((true), false)) end) and coalesce(true, false)
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
              left join (select pgfold_t.*, ("pgfold_t"."item_id")::text as pgfold_tid, ((coalesce('BOOK-' || barcode, 'ITEM-' || item_id)))::text as pgfold_tkey, coalesce((removed_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."items" pgfold_t where true
) h on h.pgfold_tkey = q.pgfold_key
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
   where (case when pg_catalog.set_config('TimeZone', 'UTC', true) is not null then ((array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text in (select w.id from pgfold_twice w where w.place = 1) and ((cardinality($4::text[]) = 0 or not (('archive_stock' || ' ' || array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text) = any ($4::text[]))))) and coalesce((condition <> 'missing'), false)) end) and coalesce(true, false)
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
              left join (select pgfold_t.*, ("pgfold_t"."item_id")::text as pgfold_tid, ((coalesce('BOOK-' || barcode, 'ITEM-' || item_id)))::text as pgfold_tkey, coalesce((removed_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."items" pgfold_t where true
) h on h.pgfold_tkey = q.pgfold_key
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
   where (case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then (((cardinality($4::text[]) = 0 or not (('old_books' || ' ' || ("old_books"."book_no")::text) = any ($4::text[])))) and coalesce((true), false)) end) and coalesce(true, false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
  offset 0
  ) q
  offset 0
  ) q
  offset 0
) q  where not exists (select from (select pgfold_t.*, ("pgfold_t"."item_id")::text as pgfold_tid, ((coalesce('BOOK-' || barcode, 'ITEM-' || item_id)))::text as pgfold_tkey, coalesce((removed_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."items" pgfold_t where true
) h where h.pgfold_tkey = q.pgfold_key) and not exists (select from pgfold_by_key k where k.source = 'old_books' and k.id = q.pgfold_id)
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
   where (case when pg_catalog.set_config('TimeZone', 'UTC', true) is not null then (((cardinality($4::text[]) = 0 or not (('archive_stock' || ' ' || array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text) = any ($4::text[])))) and coalesce((condition <> 'missing'), false)) end) and coalesce(true, false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
  offset 0
  ) q
  offset 0
  ) q
  offset 0
) q  where not exists (select from (select pgfold_t.*, ("pgfold_t"."item_id")::text as pgfold_tid, ((coalesce('BOOK-' || barcode, 'ITEM-' || item_id)))::text as pgfold_tkey, coalesce((removed_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."items" pgfold_t where true
) h where h.pgfold_tkey = q.pgfold_key) and not exists (select from pgfold_by_key k where k.source = 'archive_stock' and k.id = q.pgfold_id)
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
                from "public"."items" pgfold_t where true group by 1) t on t.alike = q.alike
       where q.place = 0 and (t.id is not null or true) and not exists (select from (select pgfold_t.*, ("pgfold_t"."item_id")::text as pgfold_tid, ((coalesce('BOOK-' || barcode, 'ITEM-' || item_id)))::text as pgfold_tkey, coalesce((removed_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."items" pgfold_t where true
) h where h.pgfold_tkey = q.key)

      union all
      -- rows that the target knows under another key; one that is not live is a match only where the manifest says so
      select 'archive_stock'::text as source, q.id, 3 as weight, case when t.id is not null then 'secondary_match'::text else 'secondary_match'::text end as verdict,
             case when t.id is not null then 'secondary_key ' || t.id else 'secondary_key_not_live ' || t.dead end as reason,
             null::text as winner_source, null::text as winner, null::text as winner_target, false as key_held, q.alike as claim, -1::int as claim_on
        from pgfold_keyed q
        join (select (lower(btrim(title)))::text as alike, min(("pgfold_t"."item_id")::text) filter (where coalesce((removed_on is null), false)) as id, min(("pgfold_t"."item_id")::text) as dead
                from "public"."items" pgfold_t where true group by 1) t on t.alike = q.alike
       where q.place = 1 and (t.id is not null or true) and not exists (select from (select pgfold_t.*, ("pgfold_t"."item_id")::text as pgfold_tid, ((coalesce('BOOK-' || barcode, 'ITEM-' || item_id)))::text as pgfold_tkey, coalesce((removed_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."items" pgfold_t where true
) h where h.pgfold_tkey = q.key)

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
           c.pgfold_id as id, num_nulls("c"."item_key", "c"."barcode", "c"."title", "c"."author", "c"."binding", "c"."isbn", "c"."price", "c"."acquired_on", "c"."last_seen_at", "c"."catalogued_at", "c"."notes", "c"."subjects", "c"."on_loan", "c"."extra", "c"."item_id", "c"."accession", "c"."times_lent", "c"."words", "c"."touched_at", "c"."removed_on", "c"."title_length", "c"."pgfold_w0", "c"."pgfold_w1", "c"."pgfold_u1", "c"."pgfold_key", "c"."pgfold_defaulted", "c"."pgfold_unmapped", "c"."pgfold_alike", "c"."pgfold_faults", "c"."pgfold_lossy", "c"."pgfold_big", "c"."pgfold_cut", "c"."pgfold_narrowed") as forced
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
         coalesce(case when s.pgfold_u1 is distinct from null and exists (select from "public"."items" pgfold_t where (barcode) operator(pg_catalog.=) ("s".pgfold_u1_0 collate "pg_catalog"."default") and ("pgfold_t"."item_id")::text is distinct from t.pgfold_tid) then '23505 items_barcode_key' end) as pgfold_taken
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
   where (case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then ((($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint)) and (cardinality($4::text[]) = 0 or not (('old_books' || ' ' || ("old_books"."book_no")::text) = any ($4::text[])))) and coalesce((true), false)) end) and coalesce(true, false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
  offset 0
  ) q
  offset 0
  ) q
  offset 0

    ) s
    left join (select pgfold_t.*, ("pgfold_t"."item_id")::text as pgfold_tid, ((coalesce('BOOK-' || barcode, 'ITEM-' || item_id)))::text as pgfold_tkey, coalesce((removed_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."items" pgfold_t where true
) t on t.pgfold_tkey = s.pgfold_key
    left join (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on st.id = s.pgfold_id
    left join (select null::text as id, null::text as target_id, null::text as key_then, false as there where false) g on g.id = s.pgfold_id and (not g.there or g.key_then is not distinct from s.pgfold_key collate pg_catalog."C")
    left join (select v.* from pgfold_contest v where v.source = 'old_books') v on v.id = s.pgfold_id
  offset 0
    ) i
  offset 0
  ) j

      ) c
    offset 0
  ) g group by g.outcome, g.reason, g.defaulted, g.lossy
union all
select 'filtered', 'where', 'where', null, null, count(*), min(("old_books"."book_no")::text), 0 from "public"."old_books" as "old_books" where (($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))) and not coalesce(case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then ((true)) end, false) having count(*) > 0

-- 7/action/Move/look/rows
-- as 7/action/Move/look/counts, but for:
@@ -1,3 +1,3 @@
--- a row is an outcome of this source with its reason, the columns that took a default or lost precision, and how many rows have it
+-- a row is a source row and what becomes of it
 with pgfold_contest as materialized (  -- a row is a source row that shares its key or another unique value with a better-ranked one
   select q.source, q.id, q.verdict, q.reason, q.winner_source, q.winner, q.winner_target, q.key_held, q.claim, q.claim_on
@@ -557,18 +557,15 @@
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
-           c.pgfold_id as id, num_nulls("c"."item_key", "c"."barcode", "c"."title", "c"."author", "c"."binding", "c"."isbn", "c"."price", "c"."acquired_on", "c"."last_seen_at", "c"."catalogued_at", "c"."notes", "c"."subjects", "c"."on_loan", "c"."extra", "c"."item_id", "c"."accession", "c"."times_lent", "c"."words", "c"."touched_at", "c"."removed_on", "c"."title_length", "c"."pgfold_w0", "c"."pgfold_w1", "c"."pgfold_u1", "c"."pgfold_key", "c"."pgfold_defaulted", "c"."pgfold_unmapped", "c"."pgfold_alike", "c"."pgfold_faults", "c"."pgfold_lossy", "c"."pgfold_big", "c"."pgfold_cut", "c"."pgfold_narrowed") as forced
-      from (
   -- a row is a shaped row with its outcome
   select j.*,
@@ -722,7 +719,6 @@
   ) j
 
-      ) c
-    offset 0
-  ) g group by g.outcome, g.reason, g.defaulted, g.lossy
+  ) c
 union all
-select 'filtered', 'where', 'where', null, null, count(*), min(("old_books"."book_no")::text), 0 from "public"."old_books" as "old_books" where (($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))) and not coalesce(case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then ((true)) end, false) having count(*) > 0
+select ("old_books"."book_no")::text, null, 'filtered', 'where', 'where', null, null, null, null
+  from "public"."old_books" as "old_books" where (($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))) and not coalesce(case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then ((true)) end, false)

-- 7/action/Move/look/differences
-- as 7/action/Move/look/rows, but for:
@@ -1,3 +1,3 @@
--- a row is a source row and what becomes of it
+-- a row is a source row whose key the target, or a better row of any source, holds with other content, both as json
 with pgfold_contest as materialized (  -- a row is a source row that shares its key or another unique value with a better-ranked one
   select q.source, q.id, q.verdict, q.reason, q.winner_source, q.winner, q.winner_target, q.key_held, q.claim, q.claim_on
@@ -556,16 +556,6 @@
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
@@ -719,6 +709,88 @@
   ) j
 
-  ) c
-union all
-select ("old_books"."book_no")::text, null, 'filtered', 'where', 'where', null, null, null, null
-  from "public"."old_books" as "old_books" where (($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))) and not coalesce(case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then ((true)) end, false)
+)
+    select pgfold_k.pgfold_id as id, pgfold_k.pgfold_key as key, pgfold_k.pgfold_outcome as outcome, 'target ' || pgfold_k.pgfold_held as holder,
+           jsonb_build_object('barcode', "pgfold_t"."barcode", 'title', "pgfold_t"."title", 'author', "pgfold_t"."author", 'binding', ("pgfold_t"."binding")::text, 'isbn', "pgfold_t"."isbn", 'price', "pgfold_t"."price", 'acquired_on', ("pgfold_t"."acquired_on")::text, 'last_seen_at', case when isfinite("pgfold_t"."last_seen_at") then regexp_replace(("pgfold_t"."last_seen_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_t"."last_seen_at")::text end, 'catalogued_at', case when isfinite("pgfold_t"."catalogued_at") then regexp_replace(("pgfold_t"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_t"."catalogued_at")::text end, 'notes', case when ("pgfold_t"."notes")::text is distinct from ("pgfold_k"."notes")::text then '***'::text else '***' end, 'subjects', ("pgfold_t"."subjects")::text, 'on_loan', "pgfold_t"."on_loan", 'extra', "pgfold_t"."extra") as there, jsonb_build_object('barcode', "pgfold_k"."barcode", 'title', "pgfold_k"."title", 'author', "pgfold_k"."author", 'binding', ("pgfold_k"."binding")::text, 'isbn', "pgfold_k"."isbn", 'price', "pgfold_k"."price", 'acquired_on', ("pgfold_k"."acquired_on")::text, 'last_seen_at', case when isfinite("pgfold_k"."last_seen_at") then regexp_replace(("pgfold_k"."last_seen_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."last_seen_at")::text end, 'catalogued_at', case when isfinite("pgfold_k"."catalogued_at") then regexp_replace(("pgfold_k"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."catalogued_at")::text end, 'notes', case when ("pgfold_t"."notes")::text is distinct from ("pgfold_k"."notes")::text then '*** (another)'::text else '***' end, 'subjects', ("pgfold_k"."subjects")::text, 'on_loan', "pgfold_k"."on_loan", 'extra', "pgfold_k"."extra") as incoming
+      from pgfold_c pgfold_k join "public"."items" pgfold_t on ("pgfold_t"."item_id")::text = pgfold_k.pgfold_held 
+     where pgfold_k.pgfold_outcome in ('duplicate', 'merged') and (jsonb_build_object('barcode', "pgfold_k"."barcode", 'title', "pgfold_k"."title", 'author', "pgfold_k"."author", 'binding', ("pgfold_k"."binding")::text, 'isbn', "pgfold_k"."isbn", 'price', "pgfold_k"."price", 'acquired_on', ("pgfold_k"."acquired_on")::text, 'last_seen_at', case when isfinite("pgfold_k"."last_seen_at") then regexp_replace(("pgfold_k"."last_seen_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."last_seen_at")::text end, 'catalogued_at', case when isfinite("pgfold_k"."catalogued_at") then regexp_replace(("pgfold_k"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."catalogued_at")::text end, 'notes', "pgfold_k"."notes", 'subjects', ("pgfold_k"."subjects")::text, 'on_loan', "pgfold_k"."on_loan", 'extra', "pgfold_k"."extra")) is distinct from (jsonb_build_object('barcode', "pgfold_t"."barcode", 'title', "pgfold_t"."title", 'author', "pgfold_t"."author", 'binding', ("pgfold_t"."binding")::text, 'isbn', "pgfold_t"."isbn", 'price', "pgfold_t"."price", 'acquired_on', ("pgfold_t"."acquired_on")::text, 'last_seen_at', case when isfinite("pgfold_t"."last_seen_at") then regexp_replace(("pgfold_t"."last_seen_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_t"."last_seen_at")::text end, 'catalogued_at', case when isfinite("pgfold_t"."catalogued_at") then regexp_replace(("pgfold_t"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_t"."catalogued_at")::text end, 'notes', "pgfold_t"."notes", 'subjects', ("pgfold_t"."subjects")::text, 'on_loan', "pgfold_t"."on_loan", 'extra', "pgfold_t"."extra"))
+
+    union all
+    select pgfold_k.pgfold_id as id, pgfold_k.pgfold_key as key, pgfold_k.pgfold_outcome as outcome,
+           pgfold_k.pgfold_winner_source || ' ' || pgfold_k.pgfold_winner as holder, jsonb_build_object('barcode', "pgfold_w"."barcode", 'title', "pgfold_w"."title", 'author', "pgfold_w"."author", 'binding', ("pgfold_w"."binding")::text, 'isbn', "pgfold_w"."isbn", 'price', "pgfold_w"."price", 'acquired_on', ("pgfold_w"."acquired_on")::text, 'last_seen_at', case when isfinite("pgfold_w"."last_seen_at") then regexp_replace(("pgfold_w"."last_seen_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_w"."last_seen_at")::text end, 'catalogued_at', case when isfinite("pgfold_w"."catalogued_at") then regexp_replace(("pgfold_w"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_w"."catalogued_at")::text end, 'notes', case when ("pgfold_w"."notes")::text is distinct from ("pgfold_k"."notes")::text then '***'::text else '***' end, 'subjects', ("pgfold_w"."subjects")::text, 'on_loan', "pgfold_w"."on_loan", 'extra', "pgfold_w"."extra") as there, jsonb_build_object('barcode', "pgfold_k"."barcode", 'title', "pgfold_k"."title", 'author', "pgfold_k"."author", 'binding', ("pgfold_k"."binding")::text, 'isbn', "pgfold_k"."isbn", 'price', "pgfold_k"."price", 'acquired_on', ("pgfold_k"."acquired_on")::text, 'last_seen_at', case when isfinite("pgfold_k"."last_seen_at") then regexp_replace(("pgfold_k"."last_seen_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."last_seen_at")::text end, 'catalogued_at', case when isfinite("pgfold_k"."catalogued_at") then regexp_replace(("pgfold_k"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."catalogued_at")::text end, 'notes', case when ("pgfold_w"."notes")::text is distinct from ("pgfold_k"."notes")::text then '*** (another)'::text else '***' end, 'subjects', ("pgfold_k"."subjects")::text, 'on_loan', "pgfold_k"."on_loan", 'extra', "pgfold_k"."extra") as incoming
+      from pgfold_c pgfold_k join pgfold_c pgfold_w on pgfold_w.pgfold_id = pgfold_k.pgfold_winner 
+     where pgfold_k.pgfold_outcome = 'duplicate_in_source' and pgfold_k.pgfold_winner_source = 'old_books'
+       and (jsonb_build_object('barcode', "pgfold_k"."barcode", 'title', "pgfold_k"."title", 'author', "pgfold_k"."author", 'binding', ("pgfold_k"."binding")::text, 'isbn', "pgfold_k"."isbn", 'price', "pgfold_k"."price", 'acquired_on', ("pgfold_k"."acquired_on")::text, 'last_seen_at', case when isfinite("pgfold_k"."last_seen_at") then regexp_replace(("pgfold_k"."last_seen_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."last_seen_at")::text end, 'catalogued_at', case when isfinite("pgfold_k"."catalogued_at") then regexp_replace(("pgfold_k"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."catalogued_at")::text end, 'notes', "pgfold_k"."notes", 'subjects', ("pgfold_k"."subjects")::text, 'on_loan', "pgfold_k"."on_loan", 'extra', "pgfold_k"."extra")) is distinct from (jsonb_build_object('barcode', "pgfold_w"."barcode", 'title', "pgfold_w"."title", 'author', "pgfold_w"."author", 'binding', ("pgfold_w"."binding")::text, 'isbn', "pgfold_w"."isbn", 'price', "pgfold_w"."price", 'acquired_on', ("pgfold_w"."acquired_on")::text, 'last_seen_at', case when isfinite("pgfold_w"."last_seen_at") then regexp_replace(("pgfold_w"."last_seen_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_w"."last_seen_at")::text end, 'catalogued_at', case when isfinite("pgfold_w"."catalogued_at") then regexp_replace(("pgfold_w"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_w"."catalogued_at")::text end, 'notes', "pgfold_w"."notes", 'subjects', ("pgfold_w"."subjects")::text, 'on_loan', "pgfold_w"."on_loan", 'extra', "pgfold_w"."extra"))
+
+    union all
+    select pgfold_k.pgfold_id as id, pgfold_k.pgfold_key as key, pgfold_k.pgfold_outcome as outcome,
+           pgfold_k.pgfold_winner_source || ' ' || pgfold_k.pgfold_winner as holder, jsonb_build_object('barcode', "pgfold_w"."barcode", 'title', "pgfold_w"."title", 'price', "pgfold_w"."price", 'notes', case when ("pgfold_w"."notes")::text is distinct from ("pgfold_k"."notes")::text then '***'::text else '***' end, 'subjects', ("pgfold_w"."subjects")::text) as there, jsonb_build_object('barcode', "pgfold_k"."barcode", 'title', "pgfold_k"."title", 'price', "pgfold_k"."price", 'notes', case when ("pgfold_w"."notes")::text is distinct from ("pgfold_k"."notes")::text then '*** (another)'::text else '***' end, 'subjects', ("pgfold_k"."subjects")::text) as incoming
+      from pgfold_c pgfold_k join (  -- a row is a source row as the target row it would become, with what is wrong with it
+  select q.*,
+         ("q"."item_key")::text as pgfold_key,
+         lower(btrim(title))::text as pgfold_alike,
+         array_remove(array[case when (q."item_key" is null or btrim(q."item_key"::text) = '') then '23502 item_key' end,
+           case when char_length(q."pgfold_r2") > 20 then '22001 barcode' end,
+           case when (q."pgfold_r3" is null or btrim(q."pgfold_r3"::text) = '') then '23502 title' end,
+           case when char_length(q."pgfold_r3") > 120 then '22001 title' end,
+           case when q."pgfold_r8"::numeric not in ('NaN') and abs(round(q."pgfold_r8"::numeric, 2)) >= 10::numeric ^ 6 then '22003 price' end,
+           case when q."catalogued_at" is not distinct from null then '23502 catalogued_at' end,
+           case when q."subjects" is not distinct from null then '23502 subjects' end,
+           case when q."extra" is not distinct from null then '23502 extra' end,
+           case when not ((price >= (0)::numeric)) then '23514 items_price_check' end,
+           case when not ((btrim((title)::text) <> ''::text)) then '23514 items_title_check' end,
+           (select 'unmapped ' || u from unnest(q.pgfold_unmapped) u limit 1)]::text[], null) as pgfold_faults,
+         nullif(array_remove(array[case when q."barcode"::character varying is distinct from q."pgfold_r2" then 'barcode' end, case when q."title"::character varying is distinct from q."pgfold_r3" then 'title' end, case when q."price"::numeric is distinct from q."pgfold_r8" then 'price' end]::text[], null), '{}') as pgfold_lossy,
+         case when not ((barcode) is not distinct from null) and (true) then row(((barcode) collate "pg_catalog"."default")) end as pgfold_u1,
+         (barcode) as pgfold_u1_0
+  from (
+select q.*, (length((title)::text))::integer as "title_length"
+    from (
+select q.*, q."pgfold_r2"::character varying(20) as "barcode",
+         q."pgfold_r3"::character varying(120) as "title",
+         case when not (q."pgfold_r8"::numeric not in ('NaN') and abs(round(q."pgfold_r8"::numeric, 2)) >= 10::numeric ^ 6) then q."pgfold_r8"::numeric(8,2) end as "price"
+    from (
+  -- a row is a source row with the values that its target row would be given
+  select array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text as pgfold_id,
+         hash_array_extended(array["archive_stock"."branch"::text, "archive_stock"."item_no"::text, "archive_stock"."barcode"::text, "archive_stock"."label"::text, "archive_stock"."keywords"::text, "archive_stock"."condition"::text, "archive_stock"."worth"::text, "archive_stock"."acidity"::text, "archive_stock"."loan_period"::text, ("archive_stock"."received" at time zone 'UTC')::text, "archive_stock"."written_off"::text, "archive_stock"."memo"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
+         "archive_stock"."branch" as pgfold_i0, "archive_stock"."item_no" as pgfold_i1,
+         received as pgfold_w0, branch as pgfold_w1, item_no as pgfold_w2,
+         null::text[] as pgfold_defaulted,
+         null::text[] as pgfold_unmapped,
+         null::text[] as pgfold_cut,
+         null::text[] as pgfold_narrowed,
+         (coalesce('BOOK-' || barcode, 'ARCHIVE-' || branch || '-' || item_no))::text as "item_key",
+         (barcode)::character varying as "pgfold_r2",
+         (label)::character varying as "pgfold_r3",
+         (round(worth::numeric, 2))::numeric as "pgfold_r8",
+         (received)::timestamp with time zone as "catalogued_at",
+         (memo)::text as "notes",
+         (keywords)::text[] as "subjects",
+         jsonb_build_object('archive'::text, jsonb_build_object('pgfold_source', 'archive_stock'::text) || (jsonb_strip_nulls(jsonb_build_object('branch', "archive_stock"."branch", 'item_no', "archive_stock"."item_no", 'condition', ("archive_stock"."condition")::text, 'worth', case when "archive_stock"."worth" = 0 and ("archive_stock"."worth")::text like '-%' then to_jsonb(("archive_stock"."worth")::text) else to_jsonb("archive_stock"."worth") end, 'acidity', case when "archive_stock"."acidity" = 0 and ("archive_stock"."acidity")::text like '-%' then to_jsonb(("archive_stock"."acidity")::text) else to_jsonb("archive_stock"."acidity") end, 'loan_period', ("archive_stock"."loan_period")::text, 'written_off', ("archive_stock"."written_off")::text)))) as "extra",
+         (null)::bigint as "item_id",
+         (null)::integer as "accession",
+         (null)::text as "author",
+         ('unknown'::binding)::binding as "binding",
+         (null)::isbn13 as "isbn",
+         (null)::date as "acquired_on",
+         (null)::timestamp with time zone as "last_seen_at",
+         (false)::boolean as "on_loan",
+         (0)::integer as "times_lent",
+         (null)::tsvector as "words",
+         (now())::timestamp with time zone as "touched_at",
+         (null)::date as "removed_on",
+         null::int as pgfold_big
+    from "public"."archive_stock" as "archive_stock"
+   where (case when pg_catalog.set_config('TimeZone', 'UTC', true) is not null then ((array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text in (select pgfold_o.pgfold_winner from pgfold_c pgfold_o where pgfold_o.pgfold_outcome = 'duplicate_in_source' and pgfold_o.pgfold_winner_source = 'archive_stock')) and coalesce((condition <> 'missing'), false)) end) and coalesce(true, false)
+  -- without it every mention of a value would be its expression again, worked out anew
+  offset 0
+
+  ) q
+  offset 0
+  ) q
+  offset 0
+  ) q
+  offset 0
+) pgfold_w on pgfold_w.pgfold_id = pgfold_k.pgfold_winner 
+     where pgfold_k.pgfold_outcome = 'duplicate_in_source' and pgfold_k.pgfold_winner_source = 'archive_stock'
+       and (jsonb_build_object('barcode', "pgfold_k"."barcode", 'title', "pgfold_k"."title", 'price', "pgfold_k"."price", 'notes', "pgfold_k"."notes", 'subjects', ("pgfold_k"."subjects")::text)) is distinct from (jsonb_build_object('barcode', "pgfold_w"."barcode", 'title', "pgfold_w"."title", 'price', "pgfold_w"."price", 'notes', "pgfold_w"."notes", 'subjects', ("pgfold_w"."subjects")::text))
+

-- 7/action/Move/look/faults
-- as 7/action/Move/look/differences, but for:
@@ -1,3 +1,3 @@
--- a row is a source row whose key the target, or a better row of any source, holds with other content, both as json
+-- a row is one fault of a rejected source row
 with pgfold_contest as materialized (  -- a row is a source row that shares its key or another unique value with a better-ranked one
   select q.source, q.id, q.verdict, q.reason, q.winner_source, q.winner, q.winner_target, q.key_held, q.claim, q.claim_on
@@ -556,6 +556,7 @@
     order by a.source, a.id, a.weight
   ) q
-),
-pgfold_c as materialized (
+)
+select c.pgfold_id as id, c.pgfold_key as key, split_part(f, ' ', 1) as code, substr(f, strpos(f, ' ') + 1) as object
+  from (
   -- a row is a shaped row with its outcome
   select j.*,
@@ -709,88 +710,4 @@
   ) j
 
-)
-    select pgfold_k.pgfold_id as id, pgfold_k.pgfold_key as key, pgfold_k.pgfold_outcome as outcome, 'target ' || pgfold_k.pgfold_held as holder,
-           jsonb_build_object('barcode', "pgfold_t"."barcode", 'title', "pgfold_t"."title", 'author', "pgfold_t"."author", 'binding', ("pgfold_t"."binding")::text, 'isbn', "pgfold_t"."isbn", 'price', "pgfold_t"."price", 'acquired_on', ("pgfold_t"."acquired_on")::text, 'last_seen_at', case when isfinite("pgfold_t"."last_seen_at") then regexp_replace(("pgfold_t"."last_seen_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_t"."last_seen_at")::text end, 'catalogued_at', case when isfinite("pgfold_t"."catalogued_at") then regexp_replace(("pgfold_t"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_t"."catalogued_at")::text end, 'notes', case when ("pgfold_t"."notes")::text is distinct from ("pgfold_k"."notes")::text then '***'::text else '***' end, 'subjects', ("pgfold_t"."subjects")::text, 'on_loan', "pgfold_t"."on_loan", 'extra', "pgfold_t"."extra") as there, jsonb_build_object('barcode', "pgfold_k"."barcode", 'title', "pgfold_k"."title", 'author', "pgfold_k"."author", 'binding', ("pgfold_k"."binding")::text, 'isbn', "pgfold_k"."isbn", 'price', "pgfold_k"."price", 'acquired_on', ("pgfold_k"."acquired_on")::text, 'last_seen_at', case when isfinite("pgfold_k"."last_seen_at") then regexp_replace(("pgfold_k"."last_seen_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."last_seen_at")::text end, 'catalogued_at', case when isfinite("pgfold_k"."catalogued_at") then regexp_replace(("pgfold_k"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."catalogued_at")::text end, 'notes', case when ("pgfold_t"."notes")::text is distinct from ("pgfold_k"."notes")::text then '*** (another)'::text else '***' end, 'subjects', ("pgfold_k"."subjects")::text, 'on_loan', "pgfold_k"."on_loan", 'extra', "pgfold_k"."extra") as incoming
-      from pgfold_c pgfold_k join "public"."items" pgfold_t on ("pgfold_t"."item_id")::text = pgfold_k.pgfold_held 
-     where pgfold_k.pgfold_outcome in ('duplicate', 'merged') and (jsonb_build_object('barcode', "pgfold_k"."barcode", 'title', "pgfold_k"."title", 'author', "pgfold_k"."author", 'binding', ("pgfold_k"."binding")::text, 'isbn', "pgfold_k"."isbn", 'price', "pgfold_k"."price", 'acquired_on', ("pgfold_k"."acquired_on")::text, 'last_seen_at', case when isfinite("pgfold_k"."last_seen_at") then regexp_replace(("pgfold_k"."last_seen_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."last_seen_at")::text end, 'catalogued_at', case when isfinite("pgfold_k"."catalogued_at") then regexp_replace(("pgfold_k"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."catalogued_at")::text end, 'notes', "pgfold_k"."notes", 'subjects', ("pgfold_k"."subjects")::text, 'on_loan', "pgfold_k"."on_loan", 'extra', "pgfold_k"."extra")) is distinct from (jsonb_build_object('barcode', "pgfold_t"."barcode", 'title', "pgfold_t"."title", 'author', "pgfold_t"."author", 'binding', ("pgfold_t"."binding")::text, 'isbn', "pgfold_t"."isbn", 'price', "pgfold_t"."price", 'acquired_on', ("pgfold_t"."acquired_on")::text, 'last_seen_at', case when isfinite("pgfold_t"."last_seen_at") then regexp_replace(("pgfold_t"."last_seen_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_t"."last_seen_at")::text end, 'catalogued_at', case when isfinite("pgfold_t"."catalogued_at") then regexp_replace(("pgfold_t"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_t"."catalogued_at")::text end, 'notes', "pgfold_t"."notes", 'subjects', ("pgfold_t"."subjects")::text, 'on_loan', "pgfold_t"."on_loan", 'extra', "pgfold_t"."extra"))
-
-    union all
-    select pgfold_k.pgfold_id as id, pgfold_k.pgfold_key as key, pgfold_k.pgfold_outcome as outcome,
-           pgfold_k.pgfold_winner_source || ' ' || pgfold_k.pgfold_winner as holder, jsonb_build_object('barcode', "pgfold_w"."barcode", 'title', "pgfold_w"."title", 'author', "pgfold_w"."author", 'binding', ("pgfold_w"."binding")::text, 'isbn', "pgfold_w"."isbn", 'price', "pgfold_w"."price", 'acquired_on', ("pgfold_w"."acquired_on")::text, 'last_seen_at', case when isfinite("pgfold_w"."last_seen_at") then regexp_replace(("pgfold_w"."last_seen_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_w"."last_seen_at")::text end, 'catalogued_at', case when isfinite("pgfold_w"."catalogued_at") then regexp_replace(("pgfold_w"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_w"."catalogued_at")::text end, 'notes', case when ("pgfold_w"."notes")::text is distinct from ("pgfold_k"."notes")::text then '***'::text else '***' end, 'subjects', ("pgfold_w"."subjects")::text, 'on_loan', "pgfold_w"."on_loan", 'extra', "pgfold_w"."extra") as there, jsonb_build_object('barcode', "pgfold_k"."barcode", 'title', "pgfold_k"."title", 'author', "pgfold_k"."author", 'binding', ("pgfold_k"."binding")::text, 'isbn', "pgfold_k"."isbn", 'price', "pgfold_k"."price", 'acquired_on', ("pgfold_k"."acquired_on")::text, 'last_seen_at', case when isfinite("pgfold_k"."last_seen_at") then regexp_replace(("pgfold_k"."last_seen_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."last_seen_at")::text end, 'catalogued_at', case when isfinite("pgfold_k"."catalogued_at") then regexp_replace(("pgfold_k"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."catalogued_at")::text end, 'notes', case when ("pgfold_w"."notes")::text is distinct from ("pgfold_k"."notes")::text then '*** (another)'::text else '***' end, 'subjects', ("pgfold_k"."subjects")::text, 'on_loan', "pgfold_k"."on_loan", 'extra', "pgfold_k"."extra") as incoming
-      from pgfold_c pgfold_k join pgfold_c pgfold_w on pgfold_w.pgfold_id = pgfold_k.pgfold_winner 
-     where pgfold_k.pgfold_outcome = 'duplicate_in_source' and pgfold_k.pgfold_winner_source = 'old_books'
-       and (jsonb_build_object('barcode', "pgfold_k"."barcode", 'title', "pgfold_k"."title", 'author', "pgfold_k"."author", 'binding', ("pgfold_k"."binding")::text, 'isbn', "pgfold_k"."isbn", 'price', "pgfold_k"."price", 'acquired_on', ("pgfold_k"."acquired_on")::text, 'last_seen_at', case when isfinite("pgfold_k"."last_seen_at") then regexp_replace(("pgfold_k"."last_seen_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."last_seen_at")::text end, 'catalogued_at', case when isfinite("pgfold_k"."catalogued_at") then regexp_replace(("pgfold_k"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."catalogued_at")::text end, 'notes', "pgfold_k"."notes", 'subjects', ("pgfold_k"."subjects")::text, 'on_loan', "pgfold_k"."on_loan", 'extra', "pgfold_k"."extra")) is distinct from (jsonb_build_object('barcode', "pgfold_w"."barcode", 'title', "pgfold_w"."title", 'author', "pgfold_w"."author", 'binding', ("pgfold_w"."binding")::text, 'isbn', "pgfold_w"."isbn", 'price', "pgfold_w"."price", 'acquired_on', ("pgfold_w"."acquired_on")::text, 'last_seen_at', case when isfinite("pgfold_w"."last_seen_at") then regexp_replace(("pgfold_w"."last_seen_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_w"."last_seen_at")::text end, 'catalogued_at', case when isfinite("pgfold_w"."catalogued_at") then regexp_replace(("pgfold_w"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_w"."catalogued_at")::text end, 'notes', "pgfold_w"."notes", 'subjects', ("pgfold_w"."subjects")::text, 'on_loan', "pgfold_w"."on_loan", 'extra', "pgfold_w"."extra"))
-
-    union all
-    select pgfold_k.pgfold_id as id, pgfold_k.pgfold_key as key, pgfold_k.pgfold_outcome as outcome,
-           pgfold_k.pgfold_winner_source || ' ' || pgfold_k.pgfold_winner as holder, jsonb_build_object('barcode', "pgfold_w"."barcode", 'title', "pgfold_w"."title", 'price', "pgfold_w"."price", 'notes', case when ("pgfold_w"."notes")::text is distinct from ("pgfold_k"."notes")::text then '***'::text else '***' end, 'subjects', ("pgfold_w"."subjects")::text) as there, jsonb_build_object('barcode', "pgfold_k"."barcode", 'title', "pgfold_k"."title", 'price', "pgfold_k"."price", 'notes', case when ("pgfold_w"."notes")::text is distinct from ("pgfold_k"."notes")::text then '*** (another)'::text else '***' end, 'subjects', ("pgfold_k"."subjects")::text) as incoming
-      from pgfold_c pgfold_k join (  -- a row is a source row as the target row it would become, with what is wrong with it
-  select q.*,
-         ("q"."item_key")::text as pgfold_key,
-         lower(btrim(title))::text as pgfold_alike,
-         array_remove(array[case when (q."item_key" is null or btrim(q."item_key"::text) = '') then '23502 item_key' end,
-           case when char_length(q."pgfold_r2") > 20 then '22001 barcode' end,
-           case when (q."pgfold_r3" is null or btrim(q."pgfold_r3"::text) = '') then '23502 title' end,
-           case when char_length(q."pgfold_r3") > 120 then '22001 title' end,
-           case when q."pgfold_r8"::numeric not in ('NaN') and abs(round(q."pgfold_r8"::numeric, 2)) >= 10::numeric ^ 6 then '22003 price' end,
-           case when q."catalogued_at" is not distinct from null then '23502 catalogued_at' end,
-           case when q."subjects" is not distinct from null then '23502 subjects' end,
-           case when q."extra" is not distinct from null then '23502 extra' end,
-           case when not ((price >= (0)::numeric)) then '23514 items_price_check' end,
-           case when not ((btrim((title)::text) <> ''::text)) then '23514 items_title_check' end,
-           (select 'unmapped ' || u from unnest(q.pgfold_unmapped) u limit 1)]::text[], null) as pgfold_faults,
-         nullif(array_remove(array[case when q."barcode"::character varying is distinct from q."pgfold_r2" then 'barcode' end, case when q."title"::character varying is distinct from q."pgfold_r3" then 'title' end, case when q."price"::numeric is distinct from q."pgfold_r8" then 'price' end]::text[], null), '{}') as pgfold_lossy,
-         case when not ((barcode) is not distinct from null) and (true) then row(((barcode) collate "pg_catalog"."default")) end as pgfold_u1,
-         (barcode) as pgfold_u1_0
-  from (
-select q.*, (length((title)::text))::integer as "title_length"
-    from (
-select q.*, q."pgfold_r2"::character varying(20) as "barcode",
-         q."pgfold_r3"::character varying(120) as "title",
-         case when not (q."pgfold_r8"::numeric not in ('NaN') and abs(round(q."pgfold_r8"::numeric, 2)) >= 10::numeric ^ 6) then q."pgfold_r8"::numeric(8,2) end as "price"
-    from (
-  -- a row is a source row with the values that its target row would be given
-  select array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text as pgfold_id,
-         hash_array_extended(array["archive_stock"."branch"::text, "archive_stock"."item_no"::text, "archive_stock"."barcode"::text, "archive_stock"."label"::text, "archive_stock"."keywords"::text, "archive_stock"."condition"::text, "archive_stock"."worth"::text, "archive_stock"."acidity"::text, "archive_stock"."loan_period"::text, ("archive_stock"."received" at time zone 'UTC')::text, "archive_stock"."written_off"::text, "archive_stock"."memo"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
-         "archive_stock"."branch" as pgfold_i0, "archive_stock"."item_no" as pgfold_i1,
-         received as pgfold_w0, branch as pgfold_w1, item_no as pgfold_w2,
-         null::text[] as pgfold_defaulted,
-         null::text[] as pgfold_unmapped,
-         null::text[] as pgfold_cut,
-         null::text[] as pgfold_narrowed,
-         (coalesce('BOOK-' || barcode, 'ARCHIVE-' || branch || '-' || item_no))::text as "item_key",
-         (barcode)::character varying as "pgfold_r2",
-         (label)::character varying as "pgfold_r3",
-         (round(worth::numeric, 2))::numeric as "pgfold_r8",
-         (received)::timestamp with time zone as "catalogued_at",
-         (memo)::text as "notes",
-         (keywords)::text[] as "subjects",
-         jsonb_build_object('archive'::text, jsonb_build_object('pgfold_source', 'archive_stock'::text) || (jsonb_strip_nulls(jsonb_build_object('branch', "archive_stock"."branch", 'item_no', "archive_stock"."item_no", 'condition', ("archive_stock"."condition")::text, 'worth', case when "archive_stock"."worth" = 0 and ("archive_stock"."worth")::text like '-%' then to_jsonb(("archive_stock"."worth")::text) else to_jsonb("archive_stock"."worth") end, 'acidity', case when "archive_stock"."acidity" = 0 and ("archive_stock"."acidity")::text like '-%' then to_jsonb(("archive_stock"."acidity")::text) else to_jsonb("archive_stock"."acidity") end, 'loan_period', ("archive_stock"."loan_period")::text, 'written_off', ("archive_stock"."written_off")::text)))) as "extra",
-         (null)::bigint as "item_id",
-         (null)::integer as "accession",
-         (null)::text as "author",
-         ('unknown'::binding)::binding as "binding",
-         (null)::isbn13 as "isbn",
-         (null)::date as "acquired_on",
-         (null)::timestamp with time zone as "last_seen_at",
-         (false)::boolean as "on_loan",
-         (0)::integer as "times_lent",
-         (null)::tsvector as "words",
-         (now())::timestamp with time zone as "touched_at",
-         (null)::date as "removed_on",
-         null::int as pgfold_big
-    from "public"."archive_stock" as "archive_stock"
-   where (case when pg_catalog.set_config('TimeZone', 'UTC', true) is not null then ((array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text in (select pgfold_o.pgfold_winner from pgfold_c pgfold_o where pgfold_o.pgfold_outcome = 'duplicate_in_source' and pgfold_o.pgfold_winner_source = 'archive_stock')) and coalesce((condition <> 'missing'), false)) end) and coalesce(true, false)
-  -- without it every mention of a value would be its expression again, worked out anew
-  offset 0
-
-  ) q
-  offset 0
-  ) q
-  offset 0
-  ) q
-  offset 0
-) pgfold_w on pgfold_w.pgfold_id = pgfold_k.pgfold_winner 
-     where pgfold_k.pgfold_outcome = 'duplicate_in_source' and pgfold_k.pgfold_winner_source = 'archive_stock'
-       and (jsonb_build_object('barcode', "pgfold_k"."barcode", 'title', "pgfold_k"."title", 'price', "pgfold_k"."price", 'notes', "pgfold_k"."notes", 'subjects', ("pgfold_k"."subjects")::text)) is distinct from (jsonb_build_object('barcode', "pgfold_w"."barcode", 'title', "pgfold_w"."title", 'price', "pgfold_w"."price", 'notes', "pgfold_w"."notes", 'subjects', ("pgfold_w"."subjects")::text))
-
+  ) c cross join unnest(case when cardinality(c.pgfold_wrong) > 0 then c.pgfold_wrong else array[c.pgfold_reason] end) f
+ where c.pgfold_outcome = 'rejected'

-- 7/action/Move/look/evaluate
-- one row: how many rows of the range have a fault; raises where a row cannot be evaluated at all
select count(*) as rows, count(*) filter (where cardinality(q.pgfold_faults) > 0) as faulty, coalesce(sum(num_nulls("q"."item_key", "q"."barcode", "q"."title", "q"."author", "q"."binding", "q"."isbn", "q"."price", "q"."acquired_on", "q"."last_seen_at", "q"."catalogued_at", "q"."notes", "q"."subjects", "q"."on_loan", "q"."extra", "q"."item_id", "q"."accession", "q"."times_lent", "q"."words", "q"."touched_at", "q"."removed_on", "q"."title_length", "q"."pgfold_w0", "q"."pgfold_w1", "q"."pgfold_u1", "q"."pgfold_key", "q"."pgfold_defaulted", "q"."pgfold_unmapped", "q"."pgfold_alike", "q"."pgfold_faults", "q"."pgfold_lossy", "q"."pgfold_big", "q"."pgfold_cut", "q"."pgfold_narrowed")), 0) as looked
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
   where (($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint)) and (cardinality($4::text[]) = 0 or not (('old_books' || ' ' || ("old_books"."book_no")::text) = any ($4::text[])))) and coalesce((true), false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
  offset 0
  ) q
  offset 0
  ) q
  offset 0

  ) q

-- 7/action/Move/look/halve
-- one row: how many rows a range has, and where its lower half ends
select count(*) as rows, (array_agg(q.upto order by q.n))[greatest(count(*) / 2, 1)] as middle
  from (select to_jsonb(array[("old_books"."book_no")::text]) as upto, row_number() over (order by "old_books"."book_no") as n
          from "public"."old_books" as "old_books" where ($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))) q

-- 8/action/Move/look/settings
-- shaped rows are wide: they are hashed as they come, not sorted, whatever the planner thinks of how many there are
set local enable_mergejoin = off;
set local enable_sort = off;

-- 8/action/Move/look/counts
-- as 7/action/Move/look/counts, but for:
@@ -569,5 +569,5 @@
     -- nothing wide goes on from here
     select c.pgfold_outcome as outcome, c.pgfold_reason as reason, c.pgfold_defaulted as defaulted, c.pgfold_lossy as lossy,
-           c.pgfold_id as id, num_nulls("c"."item_key", "c"."barcode", "c"."title", "c"."author", "c"."binding", "c"."isbn", "c"."price", "c"."acquired_on", "c"."last_seen_at", "c"."catalogued_at", "c"."notes", "c"."subjects", "c"."on_loan", "c"."extra", "c"."item_id", "c"."accession", "c"."times_lent", "c"."words", "c"."touched_at", "c"."removed_on", "c"."title_length", "c"."pgfold_w0", "c"."pgfold_w1", "c"."pgfold_u1", "c"."pgfold_key", "c"."pgfold_defaulted", "c"."pgfold_unmapped", "c"."pgfold_alike", "c"."pgfold_faults", "c"."pgfold_lossy", "c"."pgfold_big", "c"."pgfold_cut", "c"."pgfold_narrowed") as forced
+           c.pgfold_id as id, num_nulls("c"."item_key", "c"."barcode", "c"."title", "c"."price", "c"."catalogued_at", "c"."notes", "c"."subjects", "c"."extra", "c"."item_id", "c"."accession", "c"."author", "c"."binding", "c"."isbn", "c"."acquired_on", "c"."last_seen_at", "c"."on_loan", "c"."times_lent", "c"."words", "c"."touched_at", "c"."removed_on", "c"."title_length", "c"."pgfold_w0", "c"."pgfold_w1", "c"."pgfold_w2", "c"."pgfold_u1", "c"."pgfold_key", "c"."pgfold_defaulted", "c"."pgfold_unmapped", "c"."pgfold_alike", "c"."pgfold_faults", "c"."pgfold_lossy", "c"."pgfold_big", "c"."pgfold_cut", "c"."pgfold_narrowed") as forced
       from (
   -- a row is a shaped row with its outcome
@@ -642,14 +642,12 @@
            case when (q."pgfold_r3" is null or btrim(q."pgfold_r3"::text) = '') then '23502 title' end,
            case when char_length(q."pgfold_r3") > 120 then '22001 title' end,
-           case when q."binding" is not distinct from null then '23502 binding' end,
            case when q."pgfold_r8"::numeric not in ('NaN') and abs(round(q."pgfold_r8"::numeric, 2)) >= 10::numeric ^ 6 then '22003 price' end,
            case when q."catalogued_at" is not distinct from null then '23502 catalogued_at' end,
            case when q."subjects" is not distinct from null then '23502 subjects' end,
-           case when q."on_loan" is not distinct from null then '23502 on_loan' end,
            case when q."extra" is not distinct from null then '23502 extra' end,
            case when not ((price >= (0)::numeric)) then '23514 items_price_check' end,
            case when not ((btrim((title)::text) <> ''::text)) then '23514 items_title_check' end,
            (select 'unmapped ' || u from unnest(q.pgfold_unmapped) u limit 1)]::text[], null) as pgfold_faults,
-         (select array_agg(distinct u) from unnest(nullif(array_remove(array[case when q."barcode"::character varying is distinct from q."pgfold_r2" then 'barcode' end, case when q."title"::character varying is distinct from q."pgfold_r3" then 'title' end, case when q."price"::numeric is distinct from q."pgfold_r8" then 'price' end]::text[], null), '{}') || q.pgfold_narrowed) u) as pgfold_lossy,
+         nullif(array_remove(array[case when q."barcode"::character varying is distinct from q."pgfold_r2" then 'barcode' end, case when q."title"::character varying is distinct from q."pgfold_r3" then 'title' end, case when q."price"::numeric is distinct from q."pgfold_r8" then 'price' end]::text[], null), '{}') as pgfold_lossy,
          case when not ((barcode) is not distinct from null) and (true) then row(((barcode) collate "pg_catalog"."default")) end as pgfold_u1,
          (barcode) as pgfold_u1_0
@@ -662,36 +660,28 @@
     from (
   -- a row is a source row with the values that its target row would be given
-  select ("old_books"."book_no")::text as pgfold_id,
-         hash_array_extended(array["old_books"."book_no"::text, "old_books"."barcode"::text, "old_books"."book_title"::text, "old_books"."writer"::text, "old_books"."cover"::text, "old_books"."isbn_text"::text, "old_books"."cost"::text, "old_books"."bought"::text, "old_books"."seen"::text, "old_books"."added"::text, "old_books"."remarks"::text, "old_books"."details"::text, "old_books"."topics"::text, "old_books"."lent_out"::text, "old_books"."Shelf ""Hint"""::text, "old_books"."file_sum"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
-         "old_books"."book_no" as pgfold_i0,
-         added as pgfold_w0, book_no as pgfold_w1,
-         nullif(array_remove(array[case when (cover)::text is null or ((cover)::text not in ('H', 'P', 'D')) then 'binding' end]::text[], null), '{}') as pgfold_defaulted,
-         nullif(array_remove(array[case when (lent_out)::text not in ('Y', 'N') then 'on_loan' end]::text[], null), '{}') as pgfold_unmapped,
+  select array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text as pgfold_id,
+         hash_array_extended(array["archive_stock"."branch"::text, "archive_stock"."item_no"::text, "archive_stock"."barcode"::text, "archive_stock"."label"::text, "archive_stock"."keywords"::text, "archive_stock"."condition"::text, "archive_stock"."worth"::text, "archive_stock"."acidity"::text, "archive_stock"."loan_period"::text, ("archive_stock"."received" at time zone 'UTC')::text, "archive_stock"."written_off"::text, "archive_stock"."memo"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
+         "archive_stock"."branch" as pgfold_i0, "archive_stock"."item_no" as pgfold_i1,
+         received as pgfold_w0, branch as pgfold_w1, item_no as pgfold_w2,
+         null::text[] as pgfold_defaulted,
+         null::text[] as pgfold_unmapped,
          null::text[] as pgfold_cut,
-         nullif(array_remove(array[case when ("old_books"."seen")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."seen" then 'last_seen_at' end, case when ("old_books"."added")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."added" then 'catalogued_at' end]::text[], null), '{}') as pgfold_narrowed,
-         (coalesce('BOOK-' || barcode, 'BOOK#' || book_no))::text as "item_key",
+         null::text[] as pgfold_narrowed,
+         (coalesce('BOOK-' || barcode, 'ARCHIVE-' || branch || '-' || item_no))::text as "item_key",
          (barcode)::character varying as "pgfold_r2",
-         (book_title)::character varying as "pgfold_r3",
-         (writer)::text as "author",
-         (case (cover)::text when 'H' then 'hardback' when 'P' then 'paperback' when 'D' then 'digital' else 'unknown' end)::binding as "binding",
-         (nullif(regexp_replace(isbn_text, '[^0-9]', '', 'g'), ''))::isbn13 as "isbn",
-         (round(cost, 2))::numeric as "pgfold_r8",
-         (bought)::date as "acquired_on",
-         (seen)::timestamp with time zone as "last_seen_at",
-         (added)::timestamp with time zone as "catalogued_at",
-         (remarks)::text as "notes",
-         (array(select jsonb_array_elements_text(topics)))::text[] as "subjects",
-         (case (lent_out)::text when 'Y' then 'true' when 'N' then 'false' else null end)::boolean as "on_loan",
-         (select case when jsonb_typeof(o.own) = 'object' then o.own
-             when o.own is null or jsonb_typeof(o.own) = 'null' then '{}'
-             else jsonb_build_object('value', o.own) end
-        || jsonb_build_object('old_book'::text,
-             case when jsonb_typeof(o.own) = 'object' and o.own ? 'old_book'
-                  then jsonb_build_object('old_book'::text, o.own -> 'old_book') else '{}' end
-             || jsonb_build_object('pgfold_source', 'old_books'::text) || (jsonb_strip_nulls(jsonb_build_object('book_no', "old_books"."book_no", 'cover', "old_books"."cover", 'isbn_text', "old_books"."isbn_text", 'cost', "old_books"."cost", 'lent_out', "old_books"."lent_out", 'Shelf "Hint"', "old_books"."Shelf ""Hint""")) || case when "old_books"."topics" is not null then jsonb_build_object('topics'::text, "old_books"."topics") else '{}' end || jsonb_strip_nulls(jsonb_build_object('pgfold_text'::text, nullif(jsonb_strip_nulls(jsonb_build_object('last_seen_at', case when ("old_books"."seen")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."seen" then ("old_books"."seen")::text end, 'catalogued_at', case when ("old_books"."added")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."added" then ("old_books"."added")::text end)), '{}')))))
-   from (select (details)::jsonb as own) o)
- as "extra",
+         (label)::character varying as "pgfold_r3",
+         (round(worth::numeric, 2))::numeric as "pgfold_r8",
+         (received)::timestamp with time zone as "catalogued_at",
+         (memo)::text as "notes",
+         (keywords)::text[] as "subjects",
+         jsonb_build_object('archive'::text, jsonb_build_object('pgfold_source', 'archive_stock'::text) || (jsonb_strip_nulls(jsonb_build_object('branch', "archive_stock"."branch", 'item_no', "archive_stock"."item_no", 'condition', ("archive_stock"."condition")::text, 'worth', case when "archive_stock"."worth" = 0 and ("archive_stock"."worth")::text like '-%' then to_jsonb(("archive_stock"."worth")::text) else to_jsonb("archive_stock"."worth") end, 'acidity', case when "archive_stock"."acidity" = 0 and ("archive_stock"."acidity")::text like '-%' then to_jsonb(("archive_stock"."acidity")::text) else to_jsonb("archive_stock"."acidity") end, 'loan_period', ("archive_stock"."loan_period")::text, 'written_off', ("archive_stock"."written_off")::text)))) as "extra",
          (null)::bigint as "item_id",
          (null)::integer as "accession",
+         (null)::text as "author",
+         ('unknown'::binding)::binding as "binding",
+         (null)::isbn13 as "isbn",
+         (null)::date as "acquired_on",
+         (null)::timestamp with time zone as "last_seen_at",
+         (false)::boolean as "on_loan",
          (0)::integer as "times_lent",
          (null)::tsvector as "words",
@@ -699,6 +689,6 @@
          (null)::date as "removed_on",
          null::int as pgfold_big
-    from "public"."old_books" as "old_books"
-   where (case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then ((($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint)) and (cardinality($4::text[]) = 0 or not (('old_books' || ' ' || ("old_books"."book_no")::text) = any ($4::text[])))) and coalesce((true), false)) end) and coalesce(true, false)
+    from "public"."archive_stock" as "archive_stock"
+   where (case when pg_catalog.set_config('TimeZone', 'UTC', true) is not null then ((($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint)) and (cardinality($4::text[]) = 0 or not (('archive_stock' || ' ' || array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text) = any ($4::text[])))) and coalesce((condition <> 'missing'), false)) end) and coalesce(true, false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -716,5 +706,5 @@
     left join (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on st.id = s.pgfold_id
     left join (select null::text as id, null::text as target_id, null::text as key_then, false as there where false) g on g.id = s.pgfold_id and (not g.there or g.key_then is not distinct from s.pgfold_key collate pg_catalog."C")
-    left join (select v.* from pgfold_contest v where v.source = 'old_books') v on v.id = s.pgfold_id
+    left join (select v.* from pgfold_contest v where v.source = 'archive_stock') v on v.id = s.pgfold_id
   offset 0
     ) i
@@ -726,3 +716,3 @@
   ) g group by g.outcome, g.reason, g.defaulted, g.lossy
 union all
-select 'filtered', 'where', 'where', null, null, count(*), min(("old_books"."book_no")::text), 0 from "public"."old_books" as "old_books" where (($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))) and not coalesce(case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then ((true)) end, false) having count(*) > 0
+select 'filtered', 'where', 'where', null, null, count(*), min(array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text), 0 from "public"."archive_stock" as "archive_stock" where (($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint))) and not coalesce(case when pg_catalog.set_config('TimeZone', 'UTC', true) is not null then ((condition <> 'missing')) end, false) having count(*) > 0

-- 8/action/Move/look/rows
-- as 7/action/Move/look/rows, but for:
@@ -639,14 +639,12 @@
            case when (q."pgfold_r3" is null or btrim(q."pgfold_r3"::text) = '') then '23502 title' end,
            case when char_length(q."pgfold_r3") > 120 then '22001 title' end,
-           case when q."binding" is not distinct from null then '23502 binding' end,
            case when q."pgfold_r8"::numeric not in ('NaN') and abs(round(q."pgfold_r8"::numeric, 2)) >= 10::numeric ^ 6 then '22003 price' end,
            case when q."catalogued_at" is not distinct from null then '23502 catalogued_at' end,
            case when q."subjects" is not distinct from null then '23502 subjects' end,
-           case when q."on_loan" is not distinct from null then '23502 on_loan' end,
            case when q."extra" is not distinct from null then '23502 extra' end,
            case when not ((price >= (0)::numeric)) then '23514 items_price_check' end,
            case when not ((btrim((title)::text) <> ''::text)) then '23514 items_title_check' end,
            (select 'unmapped ' || u from unnest(q.pgfold_unmapped) u limit 1)]::text[], null) as pgfold_faults,
-         (select array_agg(distinct u) from unnest(nullif(array_remove(array[case when q."barcode"::character varying is distinct from q."pgfold_r2" then 'barcode' end, case when q."title"::character varying is distinct from q."pgfold_r3" then 'title' end, case when q."price"::numeric is distinct from q."pgfold_r8" then 'price' end]::text[], null), '{}') || q.pgfold_narrowed) u) as pgfold_lossy,
+         nullif(array_remove(array[case when q."barcode"::character varying is distinct from q."pgfold_r2" then 'barcode' end, case when q."title"::character varying is distinct from q."pgfold_r3" then 'title' end, case when q."price"::numeric is distinct from q."pgfold_r8" then 'price' end]::text[], null), '{}') as pgfold_lossy,
          case when not ((barcode) is not distinct from null) and (true) then row(((barcode) collate "pg_catalog"."default")) end as pgfold_u1,
          (barcode) as pgfold_u1_0
@@ -659,36 +657,28 @@
     from (
   -- a row is a source row with the values that its target row would be given
-  select ("old_books"."book_no")::text as pgfold_id,
-         hash_array_extended(array["old_books"."book_no"::text, "old_books"."barcode"::text, "old_books"."book_title"::text, "old_books"."writer"::text, "old_books"."cover"::text, "old_books"."isbn_text"::text, "old_books"."cost"::text, "old_books"."bought"::text, "old_books"."seen"::text, "old_books"."added"::text, "old_books"."remarks"::text, "old_books"."details"::text, "old_books"."topics"::text, "old_books"."lent_out"::text, "old_books"."Shelf ""Hint"""::text, "old_books"."file_sum"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
-         "old_books"."book_no" as pgfold_i0,
-         added as pgfold_w0, book_no as pgfold_w1,
-         nullif(array_remove(array[case when (cover)::text is null or ((cover)::text not in ('H', 'P', 'D')) then 'binding' end]::text[], null), '{}') as pgfold_defaulted,
-         nullif(array_remove(array[case when (lent_out)::text not in ('Y', 'N') then 'on_loan' end]::text[], null), '{}') as pgfold_unmapped,
+  select array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text as pgfold_id,
+         hash_array_extended(array["archive_stock"."branch"::text, "archive_stock"."item_no"::text, "archive_stock"."barcode"::text, "archive_stock"."label"::text, "archive_stock"."keywords"::text, "archive_stock"."condition"::text, "archive_stock"."worth"::text, "archive_stock"."acidity"::text, "archive_stock"."loan_period"::text, ("archive_stock"."received" at time zone 'UTC')::text, "archive_stock"."written_off"::text, "archive_stock"."memo"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
+         "archive_stock"."branch" as pgfold_i0, "archive_stock"."item_no" as pgfold_i1,
+         received as pgfold_w0, branch as pgfold_w1, item_no as pgfold_w2,
+         null::text[] as pgfold_defaulted,
+         null::text[] as pgfold_unmapped,
          null::text[] as pgfold_cut,
-         nullif(array_remove(array[case when ("old_books"."seen")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."seen" then 'last_seen_at' end, case when ("old_books"."added")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."added" then 'catalogued_at' end]::text[], null), '{}') as pgfold_narrowed,
-         (coalesce('BOOK-' || barcode, 'BOOK#' || book_no))::text as "item_key",
+         null::text[] as pgfold_narrowed,
+         (coalesce('BOOK-' || barcode, 'ARCHIVE-' || branch || '-' || item_no))::text as "item_key",
          (barcode)::character varying as "pgfold_r2",
-         (book_title)::character varying as "pgfold_r3",
-         (writer)::text as "author",
-         (case (cover)::text when 'H' then 'hardback' when 'P' then 'paperback' when 'D' then 'digital' else 'unknown' end)::binding as "binding",
-         (nullif(regexp_replace(isbn_text, '[^0-9]', '', 'g'), ''))::isbn13 as "isbn",
-         (round(cost, 2))::numeric as "pgfold_r8",
-         (bought)::date as "acquired_on",
-         (seen)::timestamp with time zone as "last_seen_at",
-         (added)::timestamp with time zone as "catalogued_at",
-         (remarks)::text as "notes",
-         (array(select jsonb_array_elements_text(topics)))::text[] as "subjects",
-         (case (lent_out)::text when 'Y' then 'true' when 'N' then 'false' else null end)::boolean as "on_loan",
-         (select case when jsonb_typeof(o.own) = 'object' then o.own
-             when o.own is null or jsonb_typeof(o.own) = 'null' then '{}'
-             else jsonb_build_object('value', o.own) end
-        || jsonb_build_object('old_book'::text,
-             case when jsonb_typeof(o.own) = 'object' and o.own ? 'old_book'
-                  then jsonb_build_object('old_book'::text, o.own -> 'old_book') else '{}' end
-             || jsonb_build_object('pgfold_source', 'old_books'::text) || (jsonb_strip_nulls(jsonb_build_object('book_no', "old_books"."book_no", 'cover', "old_books"."cover", 'isbn_text', "old_books"."isbn_text", 'cost', "old_books"."cost", 'lent_out', "old_books"."lent_out", 'Shelf "Hint"', "old_books"."Shelf ""Hint""")) || case when "old_books"."topics" is not null then jsonb_build_object('topics'::text, "old_books"."topics") else '{}' end || jsonb_strip_nulls(jsonb_build_object('pgfold_text'::text, nullif(jsonb_strip_nulls(jsonb_build_object('last_seen_at', case when ("old_books"."seen")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."seen" then ("old_books"."seen")::text end, 'catalogued_at', case when ("old_books"."added")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."added" then ("old_books"."added")::text end)), '{}')))))
-   from (select (details)::jsonb as own) o)
- as "extra",
+         (label)::character varying as "pgfold_r3",
+         (round(worth::numeric, 2))::numeric as "pgfold_r8",
+         (received)::timestamp with time zone as "catalogued_at",
+         (memo)::text as "notes",
+         (keywords)::text[] as "subjects",
+         jsonb_build_object('archive'::text, jsonb_build_object('pgfold_source', 'archive_stock'::text) || (jsonb_strip_nulls(jsonb_build_object('branch', "archive_stock"."branch", 'item_no', "archive_stock"."item_no", 'condition', ("archive_stock"."condition")::text, 'worth', case when "archive_stock"."worth" = 0 and ("archive_stock"."worth")::text like '-%' then to_jsonb(("archive_stock"."worth")::text) else to_jsonb("archive_stock"."worth") end, 'acidity', case when "archive_stock"."acidity" = 0 and ("archive_stock"."acidity")::text like '-%' then to_jsonb(("archive_stock"."acidity")::text) else to_jsonb("archive_stock"."acidity") end, 'loan_period', ("archive_stock"."loan_period")::text, 'written_off', ("archive_stock"."written_off")::text)))) as "extra",
          (null)::bigint as "item_id",
          (null)::integer as "accession",
+         (null)::text as "author",
+         ('unknown'::binding)::binding as "binding",
+         (null)::isbn13 as "isbn",
+         (null)::date as "acquired_on",
+         (null)::timestamp with time zone as "last_seen_at",
+         (false)::boolean as "on_loan",
          (0)::integer as "times_lent",
          (null)::tsvector as "words",
@@ -696,6 +686,6 @@
          (null)::date as "removed_on",
          null::int as pgfold_big
-    from "public"."old_books" as "old_books"
-   where (case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then ((($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint)) and (cardinality($4::text[]) = 0 or not (('old_books' || ' ' || ("old_books"."book_no")::text) = any ($4::text[])))) and coalesce((true), false)) end) and coalesce(true, false)
+    from "public"."archive_stock" as "archive_stock"
+   where (case when pg_catalog.set_config('TimeZone', 'UTC', true) is not null then ((($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint)) and (cardinality($4::text[]) = 0 or not (('archive_stock' || ' ' || array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text) = any ($4::text[])))) and coalesce((condition <> 'missing'), false)) end) and coalesce(true, false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -713,5 +703,5 @@
     left join (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on st.id = s.pgfold_id
     left join (select null::text as id, null::text as target_id, null::text as key_then, false as there where false) g on g.id = s.pgfold_id and (not g.there or g.key_then is not distinct from s.pgfold_key collate pg_catalog."C")
-    left join (select v.* from pgfold_contest v where v.source = 'old_books') v on v.id = s.pgfold_id
+    left join (select v.* from pgfold_contest v where v.source = 'archive_stock') v on v.id = s.pgfold_id
   offset 0
     ) i
@@ -721,4 +711,4 @@
   ) c
 union all
-select ("old_books"."book_no")::text, null, 'filtered', 'where', 'where', null, null, null, null
-  from "public"."old_books" as "old_books" where (($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))) and not coalesce(case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then ((true)) end, false)
+select array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text, null, 'filtered', 'where', 'where', null, null, null, null
+  from "public"."archive_stock" as "archive_stock" where (($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint))) and not coalesce(case when pg_catalog.set_config('TimeZone', 'UTC', true) is not null then ((condition <> 'missing')) end, false)

-- 8/action/Move/look/differences
-- as 7/action/Move/look/differences, but for:
@@ -629,14 +629,12 @@
            case when (q."pgfold_r3" is null or btrim(q."pgfold_r3"::text) = '') then '23502 title' end,
            case when char_length(q."pgfold_r3") > 120 then '22001 title' end,
-           case when q."binding" is not distinct from null then '23502 binding' end,
            case when q."pgfold_r8"::numeric not in ('NaN') and abs(round(q."pgfold_r8"::numeric, 2)) >= 10::numeric ^ 6 then '22003 price' end,
            case when q."catalogued_at" is not distinct from null then '23502 catalogued_at' end,
            case when q."subjects" is not distinct from null then '23502 subjects' end,
-           case when q."on_loan" is not distinct from null then '23502 on_loan' end,
            case when q."extra" is not distinct from null then '23502 extra' end,
            case when not ((price >= (0)::numeric)) then '23514 items_price_check' end,
            case when not ((btrim((title)::text) <> ''::text)) then '23514 items_title_check' end,
            (select 'unmapped ' || u from unnest(q.pgfold_unmapped) u limit 1)]::text[], null) as pgfold_faults,
-         (select array_agg(distinct u) from unnest(nullif(array_remove(array[case when q."barcode"::character varying is distinct from q."pgfold_r2" then 'barcode' end, case when q."title"::character varying is distinct from q."pgfold_r3" then 'title' end, case when q."price"::numeric is distinct from q."pgfold_r8" then 'price' end]::text[], null), '{}') || q.pgfold_narrowed) u) as pgfold_lossy,
+         nullif(array_remove(array[case when q."barcode"::character varying is distinct from q."pgfold_r2" then 'barcode' end, case when q."title"::character varying is distinct from q."pgfold_r3" then 'title' end, case when q."price"::numeric is distinct from q."pgfold_r8" then 'price' end]::text[], null), '{}') as pgfold_lossy,
          case when not ((barcode) is not distinct from null) and (true) then row(((barcode) collate "pg_catalog"."default")) end as pgfold_u1,
          (barcode) as pgfold_u1_0
@@ -649,36 +647,28 @@
     from (
   -- a row is a source row with the values that its target row would be given
-  select ("old_books"."book_no")::text as pgfold_id,
-         hash_array_extended(array["old_books"."book_no"::text, "old_books"."barcode"::text, "old_books"."book_title"::text, "old_books"."writer"::text, "old_books"."cover"::text, "old_books"."isbn_text"::text, "old_books"."cost"::text, "old_books"."bought"::text, "old_books"."seen"::text, "old_books"."added"::text, "old_books"."remarks"::text, "old_books"."details"::text, "old_books"."topics"::text, "old_books"."lent_out"::text, "old_books"."Shelf ""Hint"""::text, "old_books"."file_sum"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
-         "old_books"."book_no" as pgfold_i0,
-         added as pgfold_w0, book_no as pgfold_w1,
-         nullif(array_remove(array[case when (cover)::text is null or ((cover)::text not in ('H', 'P', 'D')) then 'binding' end]::text[], null), '{}') as pgfold_defaulted,
-         nullif(array_remove(array[case when (lent_out)::text not in ('Y', 'N') then 'on_loan' end]::text[], null), '{}') as pgfold_unmapped,
+  select array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text as pgfold_id,
+         hash_array_extended(array["archive_stock"."branch"::text, "archive_stock"."item_no"::text, "archive_stock"."barcode"::text, "archive_stock"."label"::text, "archive_stock"."keywords"::text, "archive_stock"."condition"::text, "archive_stock"."worth"::text, "archive_stock"."acidity"::text, "archive_stock"."loan_period"::text, ("archive_stock"."received" at time zone 'UTC')::text, "archive_stock"."written_off"::text, "archive_stock"."memo"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
+         "archive_stock"."branch" as pgfold_i0, "archive_stock"."item_no" as pgfold_i1,
+         received as pgfold_w0, branch as pgfold_w1, item_no as pgfold_w2,
+         null::text[] as pgfold_defaulted,
+         null::text[] as pgfold_unmapped,
          null::text[] as pgfold_cut,
-         nullif(array_remove(array[case when ("old_books"."seen")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."seen" then 'last_seen_at' end, case when ("old_books"."added")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."added" then 'catalogued_at' end]::text[], null), '{}') as pgfold_narrowed,
-         (coalesce('BOOK-' || barcode, 'BOOK#' || book_no))::text as "item_key",
+         null::text[] as pgfold_narrowed,
+         (coalesce('BOOK-' || barcode, 'ARCHIVE-' || branch || '-' || item_no))::text as "item_key",
          (barcode)::character varying as "pgfold_r2",
-         (book_title)::character varying as "pgfold_r3",
-         (writer)::text as "author",
-         (case (cover)::text when 'H' then 'hardback' when 'P' then 'paperback' when 'D' then 'digital' else 'unknown' end)::binding as "binding",
-         (nullif(regexp_replace(isbn_text, '[^0-9]', '', 'g'), ''))::isbn13 as "isbn",
-         (round(cost, 2))::numeric as "pgfold_r8",
-         (bought)::date as "acquired_on",
-         (seen)::timestamp with time zone as "last_seen_at",
-         (added)::timestamp with time zone as "catalogued_at",
-         (remarks)::text as "notes",
-         (array(select jsonb_array_elements_text(topics)))::text[] as "subjects",
-         (case (lent_out)::text when 'Y' then 'true' when 'N' then 'false' else null end)::boolean as "on_loan",
-         (select case when jsonb_typeof(o.own) = 'object' then o.own
-             when o.own is null or jsonb_typeof(o.own) = 'null' then '{}'
-             else jsonb_build_object('value', o.own) end
-        || jsonb_build_object('old_book'::text,
-             case when jsonb_typeof(o.own) = 'object' and o.own ? 'old_book'
-                  then jsonb_build_object('old_book'::text, o.own -> 'old_book') else '{}' end
-             || jsonb_build_object('pgfold_source', 'old_books'::text) || (jsonb_strip_nulls(jsonb_build_object('book_no', "old_books"."book_no", 'cover', "old_books"."cover", 'isbn_text', "old_books"."isbn_text", 'cost', "old_books"."cost", 'lent_out', "old_books"."lent_out", 'Shelf "Hint"', "old_books"."Shelf ""Hint""")) || case when "old_books"."topics" is not null then jsonb_build_object('topics'::text, "old_books"."topics") else '{}' end || jsonb_strip_nulls(jsonb_build_object('pgfold_text'::text, nullif(jsonb_strip_nulls(jsonb_build_object('last_seen_at', case when ("old_books"."seen")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."seen" then ("old_books"."seen")::text end, 'catalogued_at', case when ("old_books"."added")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."added" then ("old_books"."added")::text end)), '{}')))))
-   from (select (details)::jsonb as own) o)
- as "extra",
+         (label)::character varying as "pgfold_r3",
+         (round(worth::numeric, 2))::numeric as "pgfold_r8",
+         (received)::timestamp with time zone as "catalogued_at",
+         (memo)::text as "notes",
+         (keywords)::text[] as "subjects",
+         jsonb_build_object('archive'::text, jsonb_build_object('pgfold_source', 'archive_stock'::text) || (jsonb_strip_nulls(jsonb_build_object('branch', "archive_stock"."branch", 'item_no', "archive_stock"."item_no", 'condition', ("archive_stock"."condition")::text, 'worth', case when "archive_stock"."worth" = 0 and ("archive_stock"."worth")::text like '-%' then to_jsonb(("archive_stock"."worth")::text) else to_jsonb("archive_stock"."worth") end, 'acidity', case when "archive_stock"."acidity" = 0 and ("archive_stock"."acidity")::text like '-%' then to_jsonb(("archive_stock"."acidity")::text) else to_jsonb("archive_stock"."acidity") end, 'loan_period', ("archive_stock"."loan_period")::text, 'written_off', ("archive_stock"."written_off")::text)))) as "extra",
          (null)::bigint as "item_id",
          (null)::integer as "accession",
+         (null)::text as "author",
+         ('unknown'::binding)::binding as "binding",
+         (null)::isbn13 as "isbn",
+         (null)::date as "acquired_on",
+         (null)::timestamp with time zone as "last_seen_at",
+         (false)::boolean as "on_loan",
          (0)::integer as "times_lent",
          (null)::tsvector as "words",
@@ -686,6 +676,6 @@
          (null)::date as "removed_on",
          null::int as pgfold_big
-    from "public"."old_books" as "old_books"
-   where (case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then ((($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint)) and (cardinality($4::text[]) = 0 or not (('old_books' || ' ' || ("old_books"."book_no")::text) = any ($4::text[])))) and coalesce((true), false)) end) and coalesce(true, false)
+    from "public"."archive_stock" as "archive_stock"
+   where (case when pg_catalog.set_config('TimeZone', 'UTC', true) is not null then ((($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint)) and (cardinality($4::text[]) = 0 or not (('archive_stock' || ' ' || array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text) = any ($4::text[])))) and coalesce((condition <> 'missing'), false)) end) and coalesce(true, false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -703,5 +693,5 @@
     left join (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on st.id = s.pgfold_id
     left join (select null::text as id, null::text as target_id, null::text as key_then, false as there where false) g on g.id = s.pgfold_id and (not g.there or g.key_then is not distinct from s.pgfold_key collate pg_catalog."C")
-    left join (select v.* from pgfold_contest v where v.source = 'old_books') v on v.id = s.pgfold_id
+    left join (select v.* from pgfold_contest v where v.source = 'archive_stock') v on v.id = s.pgfold_id
   offset 0
     ) i
@@ -711,14 +701,14 @@
 )
     select pgfold_k.pgfold_id as id, pgfold_k.pgfold_key as key, pgfold_k.pgfold_outcome as outcome, 'target ' || pgfold_k.pgfold_held as holder,
-           jsonb_build_object('barcode', "pgfold_t"."barcode", 'title', "pgfold_t"."title", 'author', "pgfold_t"."author", 'binding', ("pgfold_t"."binding")::text, 'isbn', "pgfold_t"."isbn", 'price', "pgfold_t"."price", 'acquired_on', ("pgfold_t"."acquired_on")::text, 'last_seen_at', case when isfinite("pgfold_t"."last_seen_at") then regexp_replace(("pgfold_t"."last_seen_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_t"."last_seen_at")::text end, 'catalogued_at', case when isfinite("pgfold_t"."catalogued_at") then regexp_replace(("pgfold_t"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_t"."catalogued_at")::text end, 'notes', case when ("pgfold_t"."notes")::text is distinct from ("pgfold_k"."notes")::text then '***'::text else '***' end, 'subjects', ("pgfold_t"."subjects")::text, 'on_loan', "pgfold_t"."on_loan", 'extra', "pgfold_t"."extra") as there, jsonb_build_object('barcode', "pgfold_k"."barcode", 'title', "pgfold_k"."title", 'author', "pgfold_k"."author", 'binding', ("pgfold_k"."binding")::text, 'isbn', "pgfold_k"."isbn", 'price', "pgfold_k"."price", 'acquired_on', ("pgfold_k"."acquired_on")::text, 'last_seen_at', case when isfinite("pgfold_k"."last_seen_at") then regexp_replace(("pgfold_k"."last_seen_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."last_seen_at")::text end, 'catalogued_at', case when isfinite("pgfold_k"."catalogued_at") then regexp_replace(("pgfold_k"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."catalogued_at")::text end, 'notes', case when ("pgfold_t"."notes")::text is distinct from ("pgfold_k"."notes")::text then '*** (another)'::text else '***' end, 'subjects', ("pgfold_k"."subjects")::text, 'on_loan', "pgfold_k"."on_loan", 'extra', "pgfold_k"."extra") as incoming
+           jsonb_build_object('barcode', "pgfold_t"."barcode", 'title', "pgfold_t"."title", 'price', "pgfold_t"."price", 'catalogued_at', case when isfinite("pgfold_t"."catalogued_at") then regexp_replace(("pgfold_t"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_t"."catalogued_at")::text end, 'notes', "pgfold_t"."notes", 'subjects', ("pgfold_t"."subjects")::text, 'extra', "pgfold_t"."extra") as there, jsonb_build_object('barcode', "pgfold_k"."barcode", 'title', "pgfold_k"."title", 'price', "pgfold_k"."price", 'catalogued_at', case when isfinite("pgfold_k"."catalogued_at") then regexp_replace(("pgfold_k"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."catalogued_at")::text end, 'notes', "pgfold_k"."notes", 'subjects', ("pgfold_k"."subjects")::text, 'extra', "pgfold_k"."extra") as incoming
       from pgfold_c pgfold_k join "public"."items" pgfold_t on ("pgfold_t"."item_id")::text = pgfold_k.pgfold_held 
-     where pgfold_k.pgfold_outcome in ('duplicate', 'merged') and (jsonb_build_object('barcode', "pgfold_k"."barcode", 'title', "pgfold_k"."title", 'author', "pgfold_k"."author", 'binding', ("pgfold_k"."binding")::text, 'isbn', "pgfold_k"."isbn", 'price', "pgfold_k"."price", 'acquired_on', ("pgfold_k"."acquired_on")::text, 'last_seen_at', case when isfinite("pgfold_k"."last_seen_at") then regexp_replace(("pgfold_k"."last_seen_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."last_seen_at")::text end, 'catalogued_at', case when isfinite("pgfold_k"."catalogued_at") then regexp_replace(("pgfold_k"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."catalogued_at")::text end, 'notes', "pgfold_k"."notes", 'subjects', ("pgfold_k"."subjects")::text, 'on_loan', "pgfold_k"."on_loan", 'extra', "pgfold_k"."extra")) is distinct from (jsonb_build_object('barcode', "pgfold_t"."barcode", 'title', "pgfold_t"."title", 'author', "pgfold_t"."author", 'binding', ("pgfold_t"."binding")::text, 'isbn', "pgfold_t"."isbn", 'price', "pgfold_t"."price", 'acquired_on', ("pgfold_t"."acquired_on")::text, 'last_seen_at', case when isfinite("pgfold_t"."last_seen_at") then regexp_replace(("pgfold_t"."last_seen_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_t"."last_seen_at")::text end, 'catalogued_at', case when isfinite("pgfold_t"."catalogued_at") then regexp_replace(("pgfold_t"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_t"."catalogued_at")::text end, 'notes', "pgfold_t"."notes", 'subjects', ("pgfold_t"."subjects")::text, 'on_loan', "pgfold_t"."on_loan", 'extra', "pgfold_t"."extra"))
+     where pgfold_k.pgfold_outcome in ('duplicate', 'merged') and (jsonb_build_object('barcode', "pgfold_k"."barcode", 'title', "pgfold_k"."title", 'price', "pgfold_k"."price", 'catalogued_at', case when isfinite("pgfold_k"."catalogued_at") then regexp_replace(("pgfold_k"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."catalogued_at")::text end, 'notes', "pgfold_k"."notes", 'subjects', ("pgfold_k"."subjects")::text, 'extra', "pgfold_k"."extra")) is distinct from (jsonb_build_object('barcode', "pgfold_t"."barcode", 'title', "pgfold_t"."title", 'price', "pgfold_t"."price", 'catalogued_at', case when isfinite("pgfold_t"."catalogued_at") then regexp_replace(("pgfold_t"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_t"."catalogued_at")::text end, 'notes', "pgfold_t"."notes", 'subjects', ("pgfold_t"."subjects")::text, 'extra', "pgfold_t"."extra"))
 
     union all
     select pgfold_k.pgfold_id as id, pgfold_k.pgfold_key as key, pgfold_k.pgfold_outcome as outcome,
-           pgfold_k.pgfold_winner_source || ' ' || pgfold_k.pgfold_winner as holder, jsonb_build_object('barcode', "pgfold_w"."barcode", 'title', "pgfold_w"."title", 'author', "pgfold_w"."author", 'binding', ("pgfold_w"."binding")::text, 'isbn', "pgfold_w"."isbn", 'price', "pgfold_w"."price", 'acquired_on', ("pgfold_w"."acquired_on")::text, 'last_seen_at', case when isfinite("pgfold_w"."last_seen_at") then regexp_replace(("pgfold_w"."last_seen_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_w"."last_seen_at")::text end, 'catalogued_at', case when isfinite("pgfold_w"."catalogued_at") then regexp_replace(("pgfold_w"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_w"."catalogued_at")::text end, 'notes', case when ("pgfold_w"."notes")::text is distinct from ("pgfold_k"."notes")::text then '***'::text else '***' end, 'subjects', ("pgfold_w"."subjects")::text, 'on_loan', "pgfold_w"."on_loan", 'extra', "pgfold_w"."extra") as there, jsonb_build_object('barcode', "pgfold_k"."barcode", 'title', "pgfold_k"."title", 'author', "pgfold_k"."author", 'binding', ("pgfold_k"."binding")::text, 'isbn', "pgfold_k"."isbn", 'price', "pgfold_k"."price", 'acquired_on', ("pgfold_k"."acquired_on")::text, 'last_seen_at', case when isfinite("pgfold_k"."last_seen_at") then regexp_replace(("pgfold_k"."last_seen_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."last_seen_at")::text end, 'catalogued_at', case when isfinite("pgfold_k"."catalogued_at") then regexp_replace(("pgfold_k"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."catalogued_at")::text end, 'notes', case when ("pgfold_w"."notes")::text is distinct from ("pgfold_k"."notes")::text then '*** (another)'::text else '***' end, 'subjects', ("pgfold_k"."subjects")::text, 'on_loan', "pgfold_k"."on_loan", 'extra', "pgfold_k"."extra") as incoming
+           pgfold_k.pgfold_winner_source || ' ' || pgfold_k.pgfold_winner as holder, jsonb_build_object('barcode', "pgfold_w"."barcode", 'title', "pgfold_w"."title", 'price', "pgfold_w"."price", 'catalogued_at', case when isfinite("pgfold_w"."catalogued_at") then regexp_replace(("pgfold_w"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_w"."catalogued_at")::text end, 'notes', "pgfold_w"."notes", 'subjects', ("pgfold_w"."subjects")::text, 'extra', "pgfold_w"."extra") as there, jsonb_build_object('barcode', "pgfold_k"."barcode", 'title', "pgfold_k"."title", 'price', "pgfold_k"."price", 'catalogued_at', case when isfinite("pgfold_k"."catalogued_at") then regexp_replace(("pgfold_k"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."catalogued_at")::text end, 'notes', "pgfold_k"."notes", 'subjects', ("pgfold_k"."subjects")::text, 'extra', "pgfold_k"."extra") as incoming
       from pgfold_c pgfold_k join pgfold_c pgfold_w on pgfold_w.pgfold_id = pgfold_k.pgfold_winner 
-     where pgfold_k.pgfold_outcome = 'duplicate_in_source' and pgfold_k.pgfold_winner_source = 'old_books'
-       and (jsonb_build_object('barcode', "pgfold_k"."barcode", 'title', "pgfold_k"."title", 'author', "pgfold_k"."author", 'binding', ("pgfold_k"."binding")::text, 'isbn', "pgfold_k"."isbn", 'price', "pgfold_k"."price", 'acquired_on', ("pgfold_k"."acquired_on")::text, 'last_seen_at', case when isfinite("pgfold_k"."last_seen_at") then regexp_replace(("pgfold_k"."last_seen_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."last_seen_at")::text end, 'catalogued_at', case when isfinite("pgfold_k"."catalogued_at") then regexp_replace(("pgfold_k"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."catalogued_at")::text end, 'notes', "pgfold_k"."notes", 'subjects', ("pgfold_k"."subjects")::text, 'on_loan', "pgfold_k"."on_loan", 'extra', "pgfold_k"."extra")) is distinct from (jsonb_build_object('barcode', "pgfold_w"."barcode", 'title', "pgfold_w"."title", 'author', "pgfold_w"."author", 'binding', ("pgfold_w"."binding")::text, 'isbn', "pgfold_w"."isbn", 'price', "pgfold_w"."price", 'acquired_on', ("pgfold_w"."acquired_on")::text, 'last_seen_at', case when isfinite("pgfold_w"."last_seen_at") then regexp_replace(("pgfold_w"."last_seen_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_w"."last_seen_at")::text end, 'catalogued_at', case when isfinite("pgfold_w"."catalogued_at") then regexp_replace(("pgfold_w"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_w"."catalogued_at")::text end, 'notes', "pgfold_w"."notes", 'subjects', ("pgfold_w"."subjects")::text, 'on_loan', "pgfold_w"."on_loan", 'extra', "pgfold_w"."extra"))
+     where pgfold_k.pgfold_outcome = 'duplicate_in_source' and pgfold_k.pgfold_winner_source = 'archive_stock'
+       and (jsonb_build_object('barcode', "pgfold_k"."barcode", 'title', "pgfold_k"."title", 'price', "pgfold_k"."price", 'catalogued_at', case when isfinite("pgfold_k"."catalogued_at") then regexp_replace(("pgfold_k"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_k"."catalogued_at")::text end, 'notes', "pgfold_k"."notes", 'subjects', ("pgfold_k"."subjects")::text, 'extra', "pgfold_k"."extra")) is distinct from (jsonb_build_object('barcode', "pgfold_w"."barcode", 'title', "pgfold_w"."title", 'price', "pgfold_w"."price", 'catalogued_at', case when isfinite("pgfold_w"."catalogued_at") then regexp_replace(("pgfold_w"."catalogued_at" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("pgfold_w"."catalogued_at")::text end, 'notes', "pgfold_w"."notes", 'subjects', ("pgfold_w"."subjects")::text, 'extra', "pgfold_w"."extra"))
 
     union all
@@ -733,12 +723,14 @@
            case when (q."pgfold_r3" is null or btrim(q."pgfold_r3"::text) = '') then '23502 title' end,
            case when char_length(q."pgfold_r3") > 120 then '22001 title' end,
+           case when q."binding" is not distinct from null then '23502 binding' end,
            case when q."pgfold_r8"::numeric not in ('NaN') and abs(round(q."pgfold_r8"::numeric, 2)) >= 10::numeric ^ 6 then '22003 price' end,
            case when q."catalogued_at" is not distinct from null then '23502 catalogued_at' end,
            case when q."subjects" is not distinct from null then '23502 subjects' end,
+           case when q."on_loan" is not distinct from null then '23502 on_loan' end,
            case when q."extra" is not distinct from null then '23502 extra' end,
            case when not ((price >= (0)::numeric)) then '23514 items_price_check' end,
            case when not ((btrim((title)::text) <> ''::text)) then '23514 items_title_check' end,
            (select 'unmapped ' || u from unnest(q.pgfold_unmapped) u limit 1)]::text[], null) as pgfold_faults,
-         nullif(array_remove(array[case when q."barcode"::character varying is distinct from q."pgfold_r2" then 'barcode' end, case when q."title"::character varying is distinct from q."pgfold_r3" then 'title' end, case when q."price"::numeric is distinct from q."pgfold_r8" then 'price' end]::text[], null), '{}') as pgfold_lossy,
+         (select array_agg(distinct u) from unnest(nullif(array_remove(array[case when q."barcode"::character varying is distinct from q."pgfold_r2" then 'barcode' end, case when q."title"::character varying is distinct from q."pgfold_r3" then 'title' end, case when q."price"::numeric is distinct from q."pgfold_r8" then 'price' end]::text[], null), '{}') || q.pgfold_narrowed) u) as pgfold_lossy,
          case when not ((barcode) is not distinct from null) and (true) then row(((barcode) collate "pg_catalog"."default")) end as pgfold_u1,
          (barcode) as pgfold_u1_0
@@ -751,28 +743,36 @@
     from (
   -- a row is a source row with the values that its target row would be given
-  select array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text as pgfold_id,
-         hash_array_extended(array["archive_stock"."branch"::text, "archive_stock"."item_no"::text, "archive_stock"."barcode"::text, "archive_stock"."label"::text, "archive_stock"."keywords"::text, "archive_stock"."condition"::text, "archive_stock"."worth"::text, "archive_stock"."acidity"::text, "archive_stock"."loan_period"::text, ("archive_stock"."received" at time zone 'UTC')::text, "archive_stock"."written_off"::text, "archive_stock"."memo"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
-         "archive_stock"."branch" as pgfold_i0, "archive_stock"."item_no" as pgfold_i1,
-         received as pgfold_w0, branch as pgfold_w1, item_no as pgfold_w2,
-         null::text[] as pgfold_defaulted,
-         null::text[] as pgfold_unmapped,
+  select ("old_books"."book_no")::text as pgfold_id,
+         hash_array_extended(array["old_books"."book_no"::text, "old_books"."barcode"::text, "old_books"."book_title"::text, "old_books"."writer"::text, "old_books"."cover"::text, "old_books"."isbn_text"::text, "old_books"."cost"::text, "old_books"."bought"::text, "old_books"."seen"::text, "old_books"."added"::text, "old_books"."remarks"::text, "old_books"."details"::text, "old_books"."topics"::text, "old_books"."lent_out"::text, "old_books"."Shelf ""Hint"""::text, "old_books"."file_sum"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
+         "old_books"."book_no" as pgfold_i0,
+         added as pgfold_w0, book_no as pgfold_w1,
+         nullif(array_remove(array[case when (cover)::text is null or ((cover)::text not in ('H', 'P', 'D')) then 'binding' end]::text[], null), '{}') as pgfold_defaulted,
+         nullif(array_remove(array[case when (lent_out)::text not in ('Y', 'N') then 'on_loan' end]::text[], null), '{}') as pgfold_unmapped,
          null::text[] as pgfold_cut,
-         null::text[] as pgfold_narrowed,
-         (coalesce('BOOK-' || barcode, 'ARCHIVE-' || branch || '-' || item_no))::text as "item_key",
+         nullif(array_remove(array[case when ("old_books"."seen")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."seen" then 'last_seen_at' end, case when ("old_books"."added")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."added" then 'catalogued_at' end]::text[], null), '{}') as pgfold_narrowed,
+         (coalesce('BOOK-' || barcode, 'BOOK#' || book_no))::text as "item_key",
          (barcode)::character varying as "pgfold_r2",
-         (label)::character varying as "pgfold_r3",
-         (round(worth::numeric, 2))::numeric as "pgfold_r8",
-         (received)::timestamp with time zone as "catalogued_at",
-         (memo)::text as "notes",
-         (keywords)::text[] as "subjects",
-         jsonb_build_object('archive'::text, jsonb_build_object('pgfold_source', 'archive_stock'::text) || (jsonb_strip_nulls(jsonb_build_object('branch', "archive_stock"."branch", 'item_no', "archive_stock"."item_no", 'condition', ("archive_stock"."condition")::text, 'worth', case when "archive_stock"."worth" = 0 and ("archive_stock"."worth")::text like '-%' then to_jsonb(("archive_stock"."worth")::text) else to_jsonb("archive_stock"."worth") end, 'acidity', case when "archive_stock"."acidity" = 0 and ("archive_stock"."acidity")::text like '-%' then to_jsonb(("archive_stock"."acidity")::text) else to_jsonb("archive_stock"."acidity") end, 'loan_period', ("archive_stock"."loan_period")::text, 'written_off', ("archive_stock"."written_off")::text)))) as "extra",
+         (book_title)::character varying as "pgfold_r3",
+         (writer)::text as "author",
+         (case (cover)::text when 'H' then 'hardback' when 'P' then 'paperback' when 'D' then 'digital' else 'unknown' end)::binding as "binding",
+         (nullif(regexp_replace(isbn_text, '[^0-9]', '', 'g'), ''))::isbn13 as "isbn",
+         (round(cost, 2))::numeric as "pgfold_r8",
+         (bought)::date as "acquired_on",
+         (seen)::timestamp with time zone as "last_seen_at",
+         (added)::timestamp with time zone as "catalogued_at",
+         (remarks)::text as "notes",
+         (array(select jsonb_array_elements_text(topics)))::text[] as "subjects",
+         (case (lent_out)::text when 'Y' then 'true' when 'N' then 'false' else null end)::boolean as "on_loan",
+         (select case when jsonb_typeof(o.own) = 'object' then o.own
+             when o.own is null or jsonb_typeof(o.own) = 'null' then '{}'
+             else jsonb_build_object('value', o.own) end
+        || jsonb_build_object('old_book'::text,
+             case when jsonb_typeof(o.own) = 'object' and o.own ? 'old_book'
+                  then jsonb_build_object('old_book'::text, o.own -> 'old_book') else '{}' end
+             || jsonb_build_object('pgfold_source', 'old_books'::text) || (jsonb_strip_nulls(jsonb_build_object('book_no', "old_books"."book_no", 'cover', "old_books"."cover", 'isbn_text', "old_books"."isbn_text", 'cost', "old_books"."cost", 'lent_out', "old_books"."lent_out", 'Shelf "Hint"', "old_books"."Shelf ""Hint""")) || case when "old_books"."topics" is not null then jsonb_build_object('topics'::text, "old_books"."topics") else '{}' end || jsonb_strip_nulls(jsonb_build_object('pgfold_text'::text, nullif(jsonb_strip_nulls(jsonb_build_object('last_seen_at', case when ("old_books"."seen")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."seen" then ("old_books"."seen")::text end, 'catalogued_at', case when ("old_books"."added")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."added" then ("old_books"."added")::text end)), '{}')))))
+   from (select (details)::jsonb as own) o)
+ as "extra",
          (null)::bigint as "item_id",
          (null)::integer as "accession",
-         (null)::text as "author",
-         ('unknown'::binding)::binding as "binding",
-         (null)::isbn13 as "isbn",
-         (null)::date as "acquired_on",
-         (null)::timestamp with time zone as "last_seen_at",
-         (false)::boolean as "on_loan",
          (0)::integer as "times_lent",
          (null)::tsvector as "words",
@@ -780,6 +780,6 @@
          (null)::date as "removed_on",
          null::int as pgfold_big
-    from "public"."archive_stock" as "archive_stock"
-   where (case when pg_catalog.set_config('TimeZone', 'UTC', true) is not null then ((array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text in (select pgfold_o.pgfold_winner from pgfold_c pgfold_o where pgfold_o.pgfold_outcome = 'duplicate_in_source' and pgfold_o.pgfold_winner_source = 'archive_stock')) and coalesce((condition <> 'missing'), false)) end) and coalesce(true, false)
+    from "public"."old_books" as "old_books"
+   where (case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then ((("old_books"."book_no")::text in (select pgfold_o.pgfold_winner from pgfold_c pgfold_o where pgfold_o.pgfold_outcome = 'duplicate_in_source' and pgfold_o.pgfold_winner_source = 'old_books')) and coalesce((true), false)) end) and coalesce(true, false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -792,5 +792,5 @@
   offset 0
 ) pgfold_w on pgfold_w.pgfold_id = pgfold_k.pgfold_winner 
-     where pgfold_k.pgfold_outcome = 'duplicate_in_source' and pgfold_k.pgfold_winner_source = 'archive_stock'
+     where pgfold_k.pgfold_outcome = 'duplicate_in_source' and pgfold_k.pgfold_winner_source = 'old_books'
        and (jsonb_build_object('barcode', "pgfold_k"."barcode", 'title', "pgfold_k"."title", 'price', "pgfold_k"."price", 'notes', "pgfold_k"."notes", 'subjects', ("pgfold_k"."subjects")::text)) is distinct from (jsonb_build_object('barcode', "pgfold_w"."barcode", 'title', "pgfold_w"."title", 'price', "pgfold_w"."price", 'notes', "pgfold_w"."notes", 'subjects', ("pgfold_w"."subjects")::text))

-- 8/action/Move/look/faults
-- as 7/action/Move/look/faults, but for:
@@ -630,14 +630,12 @@
            case when (q."pgfold_r3" is null or btrim(q."pgfold_r3"::text) = '') then '23502 title' end,
            case when char_length(q."pgfold_r3") > 120 then '22001 title' end,
-           case when q."binding" is not distinct from null then '23502 binding' end,
            case when q."pgfold_r8"::numeric not in ('NaN') and abs(round(q."pgfold_r8"::numeric, 2)) >= 10::numeric ^ 6 then '22003 price' end,
            case when q."catalogued_at" is not distinct from null then '23502 catalogued_at' end,
            case when q."subjects" is not distinct from null then '23502 subjects' end,
-           case when q."on_loan" is not distinct from null then '23502 on_loan' end,
            case when q."extra" is not distinct from null then '23502 extra' end,
            case when not ((price >= (0)::numeric)) then '23514 items_price_check' end,
            case when not ((btrim((title)::text) <> ''::text)) then '23514 items_title_check' end,
            (select 'unmapped ' || u from unnest(q.pgfold_unmapped) u limit 1)]::text[], null) as pgfold_faults,
-         (select array_agg(distinct u) from unnest(nullif(array_remove(array[case when q."barcode"::character varying is distinct from q."pgfold_r2" then 'barcode' end, case when q."title"::character varying is distinct from q."pgfold_r3" then 'title' end, case when q."price"::numeric is distinct from q."pgfold_r8" then 'price' end]::text[], null), '{}') || q.pgfold_narrowed) u) as pgfold_lossy,
+         nullif(array_remove(array[case when q."barcode"::character varying is distinct from q."pgfold_r2" then 'barcode' end, case when q."title"::character varying is distinct from q."pgfold_r3" then 'title' end, case when q."price"::numeric is distinct from q."pgfold_r8" then 'price' end]::text[], null), '{}') as pgfold_lossy,
          case when not ((barcode) is not distinct from null) and (true) then row(((barcode) collate "pg_catalog"."default")) end as pgfold_u1,
          (barcode) as pgfold_u1_0
@@ -650,36 +648,28 @@
     from (
   -- a row is a source row with the values that its target row would be given
-  select ("old_books"."book_no")::text as pgfold_id,
-         hash_array_extended(array["old_books"."book_no"::text, "old_books"."barcode"::text, "old_books"."book_title"::text, "old_books"."writer"::text, "old_books"."cover"::text, "old_books"."isbn_text"::text, "old_books"."cost"::text, "old_books"."bought"::text, "old_books"."seen"::text, "old_books"."added"::text, "old_books"."remarks"::text, "old_books"."details"::text, "old_books"."topics"::text, "old_books"."lent_out"::text, "old_books"."Shelf ""Hint"""::text, "old_books"."file_sum"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
-         "old_books"."book_no" as pgfold_i0,
-         added as pgfold_w0, book_no as pgfold_w1,
-         nullif(array_remove(array[case when (cover)::text is null or ((cover)::text not in ('H', 'P', 'D')) then 'binding' end]::text[], null), '{}') as pgfold_defaulted,
-         nullif(array_remove(array[case when (lent_out)::text not in ('Y', 'N') then 'on_loan' end]::text[], null), '{}') as pgfold_unmapped,
+  select array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text as pgfold_id,
+         hash_array_extended(array["archive_stock"."branch"::text, "archive_stock"."item_no"::text, "archive_stock"."barcode"::text, "archive_stock"."label"::text, "archive_stock"."keywords"::text, "archive_stock"."condition"::text, "archive_stock"."worth"::text, "archive_stock"."acidity"::text, "archive_stock"."loan_period"::text, ("archive_stock"."received" at time zone 'UTC')::text, "archive_stock"."written_off"::text, "archive_stock"."memo"::text]::text[] collate pg_catalog."C", 0) as pgfold_hash,
+         "archive_stock"."branch" as pgfold_i0, "archive_stock"."item_no" as pgfold_i1,
+         received as pgfold_w0, branch as pgfold_w1, item_no as pgfold_w2,
+         null::text[] as pgfold_defaulted,
+         null::text[] as pgfold_unmapped,
          null::text[] as pgfold_cut,
-         nullif(array_remove(array[case when ("old_books"."seen")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."seen" then 'last_seen_at' end, case when ("old_books"."added")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."added" then 'catalogued_at' end]::text[], null), '{}') as pgfold_narrowed,
-         (coalesce('BOOK-' || barcode, 'BOOK#' || book_no))::text as "item_key",
+         null::text[] as pgfold_narrowed,
+         (coalesce('BOOK-' || barcode, 'ARCHIVE-' || branch || '-' || item_no))::text as "item_key",
          (barcode)::character varying as "pgfold_r2",
-         (book_title)::character varying as "pgfold_r3",
-         (writer)::text as "author",
-         (case (cover)::text when 'H' then 'hardback' when 'P' then 'paperback' when 'D' then 'digital' else 'unknown' end)::binding as "binding",
-         (nullif(regexp_replace(isbn_text, '[^0-9]', '', 'g'), ''))::isbn13 as "isbn",
-         (round(cost, 2))::numeric as "pgfold_r8",
-         (bought)::date as "acquired_on",
-         (seen)::timestamp with time zone as "last_seen_at",
-         (added)::timestamp with time zone as "catalogued_at",
-         (remarks)::text as "notes",
-         (array(select jsonb_array_elements_text(topics)))::text[] as "subjects",
-         (case (lent_out)::text when 'Y' then 'true' when 'N' then 'false' else null end)::boolean as "on_loan",
-         (select case when jsonb_typeof(o.own) = 'object' then o.own
-             when o.own is null or jsonb_typeof(o.own) = 'null' then '{}'
-             else jsonb_build_object('value', o.own) end
-        || jsonb_build_object('old_book'::text,
-             case when jsonb_typeof(o.own) = 'object' and o.own ? 'old_book'
-                  then jsonb_build_object('old_book'::text, o.own -> 'old_book') else '{}' end
-             || jsonb_build_object('pgfold_source', 'old_books'::text) || (jsonb_strip_nulls(jsonb_build_object('book_no', "old_books"."book_no", 'cover', "old_books"."cover", 'isbn_text', "old_books"."isbn_text", 'cost', "old_books"."cost", 'lent_out', "old_books"."lent_out", 'Shelf "Hint"', "old_books"."Shelf ""Hint""")) || case when "old_books"."topics" is not null then jsonb_build_object('topics'::text, "old_books"."topics") else '{}' end || jsonb_strip_nulls(jsonb_build_object('pgfold_text'::text, nullif(jsonb_strip_nulls(jsonb_build_object('last_seen_at', case when ("old_books"."seen")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."seen" then ("old_books"."seen")::text end, 'catalogued_at', case when ("old_books"."added")::timestamp with time zone::timestamp without time zone is distinct from "old_books"."added" then ("old_books"."added")::text end)), '{}')))))
-   from (select (details)::jsonb as own) o)
- as "extra",
+         (label)::character varying as "pgfold_r3",
+         (round(worth::numeric, 2))::numeric as "pgfold_r8",
+         (received)::timestamp with time zone as "catalogued_at",
+         (memo)::text as "notes",
+         (keywords)::text[] as "subjects",
+         jsonb_build_object('archive'::text, jsonb_build_object('pgfold_source', 'archive_stock'::text) || (jsonb_strip_nulls(jsonb_build_object('branch', "archive_stock"."branch", 'item_no', "archive_stock"."item_no", 'condition', ("archive_stock"."condition")::text, 'worth', case when "archive_stock"."worth" = 0 and ("archive_stock"."worth")::text like '-%' then to_jsonb(("archive_stock"."worth")::text) else to_jsonb("archive_stock"."worth") end, 'acidity', case when "archive_stock"."acidity" = 0 and ("archive_stock"."acidity")::text like '-%' then to_jsonb(("archive_stock"."acidity")::text) else to_jsonb("archive_stock"."acidity") end, 'loan_period', ("archive_stock"."loan_period")::text, 'written_off', ("archive_stock"."written_off")::text)))) as "extra",
          (null)::bigint as "item_id",
          (null)::integer as "accession",
+         (null)::text as "author",
+         ('unknown'::binding)::binding as "binding",
+         (null)::isbn13 as "isbn",
+         (null)::date as "acquired_on",
+         (null)::timestamp with time zone as "last_seen_at",
+         (false)::boolean as "on_loan",
          (0)::integer as "times_lent",
          (null)::tsvector as "words",
@@ -687,6 +677,6 @@
          (null)::date as "removed_on",
          null::int as pgfold_big
-    from "public"."old_books" as "old_books"
-   where (case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then ((($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint)) and (cardinality($4::text[]) = 0 or not (('old_books' || ' ' || ("old_books"."book_no")::text) = any ($4::text[])))) and coalesce((true), false)) end) and coalesce(true, false)
+    from "public"."archive_stock" as "archive_stock"
+   where (case when pg_catalog.set_config('TimeZone', 'UTC', true) is not null then ((($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint)) and (cardinality($4::text[]) = 0 or not (('archive_stock' || ' ' || array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text) = any ($4::text[])))) and coalesce((condition <> 'missing'), false)) end) and coalesce(true, false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -704,5 +694,5 @@
     left join (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on st.id = s.pgfold_id
     left join (select null::text as id, null::text as target_id, null::text as key_then, false as there where false) g on g.id = s.pgfold_id and (not g.there or g.key_then is not distinct from s.pgfold_key collate pg_catalog."C")
-    left join (select v.* from pgfold_contest v where v.source = 'old_books') v on v.id = s.pgfold_id
+    left join (select v.* from pgfold_contest v where v.source = 'archive_stock') v on v.id = s.pgfold_id
   offset 0
     ) i

-- 8/action/Move/look/evaluate
-- one row: how many rows of the range have a fault; raises where a row cannot be evaluated at all
select count(*) as rows, count(*) filter (where cardinality(q.pgfold_faults) > 0) as faulty, coalesce(sum(num_nulls("q"."item_key", "q"."barcode", "q"."title", "q"."price", "q"."catalogued_at", "q"."notes", "q"."subjects", "q"."extra", "q"."item_id", "q"."accession", "q"."author", "q"."binding", "q"."isbn", "q"."acquired_on", "q"."last_seen_at", "q"."on_loan", "q"."times_lent", "q"."words", "q"."touched_at", "q"."removed_on", "q"."title_length", "q"."pgfold_w0", "q"."pgfold_w1", "q"."pgfold_w2", "q"."pgfold_u1", "q"."pgfold_key", "q"."pgfold_defaulted", "q"."pgfold_unmapped", "q"."pgfold_alike", "q"."pgfold_faults", "q"."pgfold_lossy", "q"."pgfold_big", "q"."pgfold_cut", "q"."pgfold_narrowed")), 0) as looked
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
   where (($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint)) and (cardinality($4::text[]) = 0 or not (('archive_stock' || ' ' || array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text) = any ($4::text[])))) and coalesce((condition <> 'missing'), false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
  offset 0
  ) q
  offset 0
  ) q
  offset 0

  ) q

-- 8/action/Move/look/halve
-- one row: how many rows a range has, and where its lower half ends
select count(*) as rows, (array_agg(q.upto order by q.n))[greatest(count(*) / 2, 1)] as middle
  from (select to_jsonb(array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]) as upto, row_number() over (order by "archive_stock"."branch", "archive_stock"."item_no") as n
          from "public"."archive_stock" as "archive_stock" where ($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint))) q


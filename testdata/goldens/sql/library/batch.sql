-- 7/action/Move/cut/by_rows
-- a row is the upper end of a batch of $1 rows
select q.upto from (
  select array[("old_books"."book_no")::text] as upto, row_number() over (order by "old_books"."book_no") as n from "public"."old_books" as "old_books"
) q where q.n % $1::bigint = 0 order by q.n

-- 7/action/Move/cut/by_size
-- a row is the upper end of a batch of at most $1 rows and, but for its last row, $2 bytes
select q.upto from (
  select array[("old_books"."book_no")::text] as upto, row_number() over w as n, least(coalesce(pg_column_size("old_books"."book_no"), 0)::bigint + coalesce(octet_length("old_books"."barcode"), 0)::bigint + coalesce(octet_length("old_books"."book_title"), 0)::bigint + coalesce(octet_length("old_books"."writer"), 0)::bigint + coalesce(octet_length("old_books"."cover"), 0)::bigint + coalesce(octet_length("old_books"."isbn_text"), 0)::bigint + coalesce(pg_column_size("old_books"."cost"), 0)::bigint + coalesce(pg_column_size("old_books"."bought"), 0)::bigint + coalesce(pg_column_size("old_books"."seen"), 0)::bigint + coalesce(pg_column_size("old_books"."added"), 0)::bigint + coalesce(octet_length("old_books"."remarks"), 0)::bigint + coalesce(case when pg_column_compression("old_books"."details") is null then pg_column_size("old_books"."details") when pg_column_size("old_books"."details") > 1000000 then 4::bigint * pg_column_size("old_books"."details") else octet_length("old_books"."details"::text) end, 0)::bigint + coalesce(case when pg_column_compression("old_books"."topics") is null then pg_column_size("old_books"."topics") when pg_column_size("old_books"."topics") > 1000000 then 4::bigint * pg_column_size("old_books"."topics") else octet_length("old_books"."topics"::text) end, 0)::bigint + coalesce(octet_length("old_books"."lent_out"), 0)::bigint + coalesce(octet_length("old_books"."Shelf ""Hint"""), 0)::bigint + coalesce(octet_length("old_books"."file_sum"), 0)::bigint, 2000000000)::integer as size, sum(least(coalesce(pg_column_size("old_books"."book_no"), 0)::bigint + coalesce(octet_length("old_books"."barcode"), 0)::bigint + coalesce(octet_length("old_books"."book_title"), 0)::bigint + coalesce(octet_length("old_books"."writer"), 0)::bigint + coalesce(octet_length("old_books"."cover"), 0)::bigint + coalesce(octet_length("old_books"."isbn_text"), 0)::bigint + coalesce(pg_column_size("old_books"."cost"), 0)::bigint + coalesce(pg_column_size("old_books"."bought"), 0)::bigint + coalesce(pg_column_size("old_books"."seen"), 0)::bigint + coalesce(pg_column_size("old_books"."added"), 0)::bigint + coalesce(octet_length("old_books"."remarks"), 0)::bigint + coalesce(case when pg_column_compression("old_books"."details") is null then pg_column_size("old_books"."details") when pg_column_size("old_books"."details") > 1000000 then 4::bigint * pg_column_size("old_books"."details") else octet_length("old_books"."details"::text) end, 0)::bigint + coalesce(case when pg_column_compression("old_books"."topics") is null then pg_column_size("old_books"."topics") when pg_column_size("old_books"."topics") > 1000000 then 4::bigint * pg_column_size("old_books"."topics") else octet_length("old_books"."topics"::text) end, 0)::bigint + coalesce(octet_length("old_books"."lent_out"), 0)::bigint + coalesce(octet_length("old_books"."Shelf ""Hint"""), 0)::bigint + coalesce(octet_length("old_books"."file_sum"), 0)::bigint, 2000000000)::integer) over w as bytes
    from "public"."old_books" as "old_books"
  window w as (order by "old_books"."book_no" rows unbounded preceding)
) q where q.n % $1::bigint = 0 or q.bytes / $2::bigint > (q.bytes - q.size) / $2::bigint order by q.n

-- 7/action/Move/cut/narrow
-- one row: whether batches of $1 rows stay below half of $2 bytes, by the first rows and by where values are kept
select c.relkind = 'r' and coalesce(pg_relation_size(nullif(c.reltoastrelid, 0)), 0) = 0
   and (select coalesce(avg(q.size), 0) from (select least(coalesce(pg_column_size("old_books"."book_no"), 0)::bigint + coalesce(octet_length("old_books"."barcode"), 0)::bigint + coalesce(octet_length("old_books"."book_title"), 0)::bigint + coalesce(octet_length("old_books"."writer"), 0)::bigint + coalesce(octet_length("old_books"."cover"), 0)::bigint + coalesce(octet_length("old_books"."isbn_text"), 0)::bigint + coalesce(pg_column_size("old_books"."cost"), 0)::bigint + coalesce(pg_column_size("old_books"."bought"), 0)::bigint + coalesce(pg_column_size("old_books"."seen"), 0)::bigint + coalesce(pg_column_size("old_books"."added"), 0)::bigint + coalesce(octet_length("old_books"."remarks"), 0)::bigint + coalesce(case when pg_column_compression("old_books"."details") is null then pg_column_size("old_books"."details") when pg_column_size("old_books"."details") > 1000000 then 4::bigint * pg_column_size("old_books"."details") else octet_length("old_books"."details"::text) end, 0)::bigint + coalesce(case when pg_column_compression("old_books"."topics") is null then pg_column_size("old_books"."topics") when pg_column_size("old_books"."topics") > 1000000 then 4::bigint * pg_column_size("old_books"."topics") else octet_length("old_books"."topics"::text) end, 0)::bigint + coalesce(octet_length("old_books"."lent_out"), 0)::bigint + coalesce(octet_length("old_books"."Shelf ""Hint"""), 0)::bigint + coalesce(octet_length("old_books"."file_sum"), 0)::bigint, 2000000000)::integer as size from "public"."old_books" as "old_books" limit 1000) q) * $1::bigint <= $2::bigint / 2 as narrow
  from pg_class c where c.oid = '"public"."old_books"'::regclass

-- 7/action/Move/batch
-- one row: what became of the rows of one batch
with classified as materialized (
  select c."item_key", c."barcode", c."title", c."author", c."binding", c."isbn", c."price", c."acquired_on", c."last_seen_at", c."catalogued_at", c."notes", c."subjects", c."on_loan", c."extra", c.pgfold_id, c.pgfold_i0, c.pgfold_key, c.pgfold_hash, c.pgfold_wrong, c.pgfold_defaulted, c.pgfold_lossy, c.pgfold_held,
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
   where (($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint)) and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.id = ("old_books"."book_no")::text) is distinct from 'raises')) and coalesce((true), false)
  -- without it every mention of a value would be its expression again, worked out anew
  offset 0

  ) q
  offset 0
  ) q
  offset 0
  ) q
  offset 0

    ) s
    left join lateral (select pgfold_t.*, ("pgfold_t"."item_id")::text as pgfold_tid, ("pgfold_t"."item_key")::text as pgfold_tkey, coalesce((removed_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."items" pgfold_t where true
 and pgfold_t."item_key" = s."item_key" limit 1) t on true
    left join lateral (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on true
    left join (select null::text as id, null::text as target_id, null::text as key_then, false as there where false) g on g.id = s.pgfold_id and (not g.there or g.key_then is not distinct from s.pgfold_key collate pg_catalog."C")
    left join lateral (select v.id, v.verdict, v.reason, v.winner_source, v.winner, v.key_held, null::text as winner_target
  from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.id = s.pgfold_id
   -- it speaks about what the row had then
   and v.claim is not distinct from case when v.claim_on is null then s.pgfold_key collate pg_catalog."C" when v.claim_on = -1 then s.pgfold_alike::text collate pg_catalog."C" when v.claim_on = 1 then s.pgfold_u1::text collate pg_catalog."C" end limit 1
) v on true
  offset 0
    ) i
  offset 0
  ) j

  ) c
),
inserted as (
  insert into "public"."items" as pgfold_t ("item_key", "barcode", "title", "author", "binding", "isbn", "price", "acquired_on", "last_seen_at", "catalogued_at", "notes", "subjects", "on_loan", "extra") 
  select c."item_key", c."barcode", c."title", c."author", c."binding", c."isbn", c."price", c."acquired_on", c."last_seen_at", c."catalogued_at", c."notes", c."subjects", c."on_loan", c."extra" from classified c where c.pgfold_outcome = 'inserted' and not c.pgfold_revived order by c.pgfold_key, c.pgfold_id
  on conflict ("item_key") do nothing
  returning ("pgfold_t"."item_id")::text as target_id, ("pgfold_t"."item_key")::text as key, hash_array_extended(array["pgfold_t"."item_id"::text, "pgfold_t"."accession"::text, "pgfold_t"."barcode"::text, "pgfold_t"."title"::text, "pgfold_t"."author"::text, "pgfold_t"."binding"::text, "pgfold_t"."isbn"::text, "pgfold_t"."price"::text, "pgfold_t"."acquired_on"::text, ("pgfold_t"."last_seen_at" at time zone 'UTC')::text, ("pgfold_t"."catalogued_at" at time zone 'UTC')::text, "pgfold_t"."notes"::text, "pgfold_t"."extra"::text, "pgfold_t"."subjects"::text, "pgfold_t"."on_loan"::text, "pgfold_t"."words"::text, "pgfold_t"."removed_on"::text, "pgfold_t"."item_key"::text]::text[] collate pg_catalog."C", 0) as target_hash, null::text[] as fills
),
written as (select * from inserted),
walked as (
  insert into "pgfold"."crosswalk" (run, source, id, outcome, key, target_id, reason_code, reason_detail, winner, source_hash, target_hash, detail)
  select $1::bigint, 'old_books', c.pgfold_id, o.outcome, c.pgfold_key,
         coalesce(c.target_id, case when c.pgfold_outcome in ('unchanged', 'duplicate', 'duplicate_in_source') then c.pgfold_held end,
                  case when c.pgfold_outcome = 'duplicate' and split_part(c.pgfold_reason, ' ', 1) in ('secondary_key', 'secondary_key_not_live') then substr(c.pgfold_reason, length(split_part(c.pgfold_reason, ' ', 1)) + 2) end),
         split_part(o.reason, ' ', 1), nullif(substr(o.reason, length(split_part(o.reason, ' ', 1)) + 2), ''),
         case when c.pgfold_outcome = 'duplicate_in_source' then c.pgfold_winner_source || ' ' || c.pgfold_winner end,
         c.pgfold_hash, case when not c.is_twin then c.target_hash end,
         case when o.outcome in ('duplicate', 'duplicate_in_source', 'merged') then
           jsonb_strip_nulls(jsonb_build_object('filled', to_jsonb(nullif(case when not c.is_twin then coalesce(c.fills, c.pgfold_fills) end, '{}'))))
           || jsonb_build_object('row', (select (jsonb_strip_nulls(jsonb_build_object('book_no', "l"."book_no", 'barcode', "l"."barcode", 'book_title', "l"."book_title", 'writer', "l"."writer", 'cover', "l"."cover", 'isbn_text', "l"."isbn_text", 'cost', "l"."cost", 'bought', ("l"."bought")::text, 'seen', ("l"."seen")::text, 'added', ("l"."added")::text, 'remarks', "l"."remarks", 'lent_out', "l"."lent_out", 'Shelf "Hint"', "l"."Shelf ""Hint""", 'file_sum', ("l"."file_sum")::text)) || case when "l"."details" is not null then jsonb_build_object('details'::text, "l"."details") else '{}' end || case when "l"."topics" is not null then jsonb_build_object('topics'::text, "l"."topics") else '{}' end) from "public"."old_books" l where l."book_no" operator(pg_catalog.=) c.pgfold_i0)) end
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
  select $1::bigint, 'old_books', ("old_books"."book_no")::text, 'filtered', null, null, 'where', null, null, hash_array_extended(array["old_books"."book_no"::text, "old_books"."barcode"::text, "old_books"."book_title"::text, "old_books"."writer"::text, "old_books"."cover"::text, "old_books"."isbn_text"::text, "old_books"."cost"::text, "old_books"."bought"::text, "old_books"."seen"::text, "old_books"."added"::text, "old_books"."remarks"::text, "old_books"."details"::text, "old_books"."topics"::text, "old_books"."lent_out"::text, "old_books"."Shelf ""Hint"""::text, "old_books"."file_sum"::text]::text[] collate pg_catalog."C", 0), null, null
    from "public"."old_books" as "old_books" where (($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))) and not coalesce((true), false)
  union all
  select $1::bigint, 'old_books', ("old_books"."book_no")::text, 'rejected', null, null, split_part(pgfold_raised, ' ', 1), nullif(substr(pgfold_raised, length(split_part(pgfold_raised, ' ', 1)) + 2), ''), null, hash_array_extended(array["old_books"."book_no"::text, "old_books"."barcode"::text, "old_books"."book_title"::text, "old_books"."writer"::text, "old_books"."cover"::text, "old_books"."isbn_text"::text, "old_books"."cost"::text, "old_books"."bought"::text, "old_books"."seen"::text, "old_books"."added"::text, "old_books"."remarks"::text, "old_books"."details"::text, "old_books"."topics"::text, "old_books"."lent_out"::text, "old_books"."Shelf ""Hint"""::text, "old_books"."file_sum"::text]::text[] collate pg_catalog."C", 0), null, (jsonb_strip_nulls(jsonb_build_object('book_no', "old_books"."book_no", 'barcode', "old_books"."barcode", 'book_title', "old_books"."book_title", 'writer', "old_books"."writer", 'cover', "old_books"."cover", 'isbn_text', "old_books"."isbn_text", 'cost', "old_books"."cost", 'bought', ("old_books"."bought")::text, 'seen', ("old_books"."seen")::text, 'added', ("old_books"."added")::text, 'remarks', "old_books"."remarks", 'lent_out', "old_books"."lent_out", 'Shelf "Hint"', "old_books"."Shelf ""Hint""", 'file_sum', ("old_books"."file_sum")::text)) || case when "old_books"."details" is not null then jsonb_build_object('details'::text, "old_books"."details") else '{}' end || case when "old_books"."topics" is not null then jsonb_build_object('topics'::text, "old_books"."topics") else '{}' end)
    from "public"."old_books" as "old_books"
    -- the filter names the source's columns, and must not meet the ledger's
    cross join lateral (select v.reason from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.verdict = 'raises' and v.id = ("old_books"."book_no")::text limit 1) pgfold_v(pgfold_raised)
   where (($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))) and coalesce((true), false) and not (select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.verdict = 'raises'))
  returning outcome, target_id
),
refused as (
  insert into pgfold.reject (run, source, id, code, object, message, content)
  select $1::bigint, 'old_books', c.pgfold_id, split_part(pgfold_f, ' ', 1), substr(pgfold_f, strpos(pgfold_f, ' ') + 1), null,
         (select (jsonb_strip_nulls(jsonb_build_object('book_no', "l"."book_no", 'barcode', "l"."barcode", 'book_title', "l"."book_title", 'writer', "l"."writer", 'cover', "l"."cover", 'isbn_text', "l"."isbn_text", 'cost', "l"."cost", 'bought', ("l"."bought")::text, 'seen', ("l"."seen")::text, 'added', ("l"."added")::text, 'remarks', "l"."remarks", 'lent_out', "l"."lent_out", 'Shelf "Hint"', "l"."Shelf ""Hint""", 'file_sum', ("l"."file_sum")::text)) || case when "l"."details" is not null then jsonb_build_object('details'::text, "l"."details") else '{}' end || case when "l"."topics" is not null then jsonb_build_object('topics'::text, "l"."topics") else '{}' end) from "public"."old_books" l where l."book_no" operator(pg_catalog.=) c.pgfold_i0)
    from classified c cross join unnest(case when cardinality(c.pgfold_wrong) > 0 then c.pgfold_wrong else array[c.pgfold_reason] end) pgfold_g(pgfold_f)
   where c.pgfold_outcome = 'rejected'
  returning 1
)
select jsonb_build_object(
  'read', (select count(*) from "public"."old_books" as "old_books" where ($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))),
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
  'defaulted', (select jsonb_object_agg(x.d, x.n)
     from (select u.d, count(*) as n from classified c cross join unnest(c."pgfold_defaulted") u(d)
            where c.pgfold_outcome in ('inserted', 'merged', 'unchanged') group by u.d) x)
,
  'lossy', (select jsonb_object_agg(x.d, x.n)
     from (select u.d, count(*) as n from classified c cross join unnest(c."pgfold_lossy") u(d)
            where c.pgfold_outcome in ('inserted', 'merged', 'unchanged') group by u.d) x)
,
  'refused', (select count(*) from refused)
)::text from walked

-- 7/action/Move/resolve
-- one row: rows whose key the application wrote while we did, and rows that vanished
with found as (
  update "pgfold"."crosswalk" x set outcome = 'duplicate', target_id = ("pgfold_t"."item_id")::text, target_hash = null, reason_code = 'concurrent_write', reason_detail = null,
         detail = jsonb_build_object('row', (select (jsonb_strip_nulls(jsonb_build_object('book_no', "old_books"."book_no", 'barcode', "old_books"."barcode", 'book_title', "old_books"."book_title", 'writer', "old_books"."writer", 'cover', "old_books"."cover", 'isbn_text', "old_books"."isbn_text", 'cost', "old_books"."cost", 'bought', ("old_books"."bought")::text, 'seen', ("old_books"."seen")::text, 'added', ("old_books"."added")::text, 'remarks', "old_books"."remarks", 'lent_out', "old_books"."lent_out", 'Shelf "Hint"', "old_books"."Shelf ""Hint""", 'file_sum', ("old_books"."file_sum")::text)) || case when "old_books"."details" is not null then jsonb_build_object('details'::text, "old_books"."details") else '{}' end || case when "old_books"."topics" is not null then jsonb_build_object('topics'::text, "old_books"."topics") else '{}' end) from "public"."old_books" as "old_books" where ("old_books"."book_no")::text = x.id))
    from (select *, xmin as pgfold_xmin from "public"."items" where true) pgfold_t
   where x.run = $1::bigint and x.source = 'old_books' and x.outcome = 'inserted' and x.target_id is null and pgfold_t."item_key" = x.key::text
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
  'raced', (select count(*) from "pgfold"."crosswalk" x where x.run = $1::bigint and x.source = 'old_books' and x.outcome = 'merged' and x.target_id is null),
  'open', (select count(*) from "pgfold"."crosswalk" x where x.run = $1::bigint and x.source = 'old_books' and x.outcome in ('inserted', 'merged') and x.target_id is null)
          - (select count(*) from found))::text

-- 7/action/Move/halve
-- one row: how many rows a range has, and where its lower half ends
select count(*) as rows, (array_agg(q.upto order by q.n))[greatest(count(*) / 2, 1)] as middle
  from (select to_jsonb(array[("old_books"."book_no")::text]) as upto, row_number() over (order by "old_books"."book_no") as n
          from "public"."old_books" as "old_books" where ($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))) q

-- 7/action/Move/reject_one
-- one row: the accounting of a range that is one row which the server refused
with refused as (
  insert into pgfold.reject (run, source, id, code, object, message, content)
  select $1::bigint, 'old_books', ("old_books"."book_no")::text, $4::text, $5::text, $6::text, (jsonb_strip_nulls(jsonb_build_object('book_no', "old_books"."book_no", 'barcode', "old_books"."barcode", 'book_title', "old_books"."book_title", 'writer', "old_books"."writer", 'cover', "old_books"."cover", 'isbn_text', "old_books"."isbn_text", 'cost', "old_books"."cost", 'bought', ("old_books"."bought")::text, 'seen', ("old_books"."seen")::text, 'added', ("old_books"."added")::text, 'remarks', "old_books"."remarks", 'lent_out', "old_books"."lent_out", 'Shelf "Hint"', "old_books"."Shelf ""Hint""", 'file_sum', ("old_books"."file_sum")::text)) || case when "old_books"."details" is not null then jsonb_build_object('details'::text, "old_books"."details") else '{}' end || case when "old_books"."topics" is not null then jsonb_build_object('topics'::text, "old_books"."topics") else '{}' end)
    from "public"."old_books" as "old_books" where ($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))
  returning id
), walked as (
  insert into "pgfold"."crosswalk" (run, source, id, outcome, reason_code, reason_detail, source_hash, detail)
  select $1::bigint, 'old_books', ("old_books"."book_no")::text, 'rejected', $4::text, $5::text, hash_array_extended(array["old_books"."book_no"::text, "old_books"."barcode"::text, "old_books"."book_title"::text, "old_books"."writer"::text, "old_books"."cover"::text, "old_books"."isbn_text"::text, "old_books"."cost"::text, "old_books"."bought"::text, "old_books"."seen"::text, "old_books"."added"::text, "old_books"."remarks"::text, "old_books"."details"::text, "old_books"."topics"::text, "old_books"."lent_out"::text, "old_books"."Shelf ""Hint"""::text, "old_books"."file_sum"::text]::text[] collate pg_catalog."C", 0), (jsonb_strip_nulls(jsonb_build_object('book_no', "old_books"."book_no", 'barcode', "old_books"."barcode", 'book_title', "old_books"."book_title", 'writer', "old_books"."writer", 'cover', "old_books"."cover", 'isbn_text', "old_books"."isbn_text", 'cost', "old_books"."cost", 'bought', ("old_books"."bought")::text, 'seen', ("old_books"."seen")::text, 'added', ("old_books"."added")::text, 'remarks', "old_books"."remarks", 'lent_out', "old_books"."lent_out", 'Shelf "Hint"', "old_books"."Shelf ""Hint""", 'file_sum', ("old_books"."file_sum")::text)) || case when "old_books"."details" is not null then jsonb_build_object('details'::text, "old_books"."details") else '{}' end || case when "old_books"."topics" is not null then jsonb_build_object('topics'::text, "old_books"."topics") else '{}' end)
    from "public"."old_books" as "old_books" where ($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))
  returning id
)
select jsonb_build_object('read', (select count(*) from "public"."old_books" as "old_books" where ($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))), 'inserted', 0, 'merged', 0,
  'duplicate', 0, 'duplicate_in_source', 0, 'filtered', 0, 'rejected', (select count(*) from walked), 'unchanged', 0, 'pending', 0,
  'unresolved', 0, 'refused', (select count(*) from refused))::text

-- 8/action/Move/cut/by_rows
-- a row is the upper end of a batch of $1 rows
select q.upto from (
  select array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text] as upto, row_number() over (order by "archive_stock"."branch", "archive_stock"."item_no") as n from "public"."archive_stock" as "archive_stock"
) q where q.n % $1::bigint = 0 order by q.n

-- 8/action/Move/cut/by_size
-- a row is the upper end of a batch of at most $1 rows and, but for its last row, $2 bytes
select q.upto from (
  select array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text] as upto, row_number() over w as n, least(coalesce(pg_column_size("archive_stock"."branch"), 0)::bigint + coalesce(pg_column_size("archive_stock"."item_no"), 0)::bigint + coalesce(octet_length("archive_stock"."barcode"), 0)::bigint + coalesce(octet_length("archive_stock"."label"), 0)::bigint + coalesce(case when pg_column_compression("archive_stock"."keywords") is null then pg_column_size("archive_stock"."keywords") when pg_column_size("archive_stock"."keywords") > 1000000 then 4::bigint * pg_column_size("archive_stock"."keywords") else octet_length("archive_stock"."keywords"::text) end, 0)::bigint + coalesce(case when pg_column_compression("archive_stock"."condition") is null then pg_column_size("archive_stock"."condition") when pg_column_size("archive_stock"."condition") > 1000000 then 4::bigint * pg_column_size("archive_stock"."condition") else octet_length("archive_stock"."condition"::text) end, 0)::bigint + coalesce(pg_column_size("archive_stock"."worth"), 0)::bigint + coalesce(pg_column_size("archive_stock"."acidity"), 0)::bigint + coalesce(case when pg_column_compression("archive_stock"."loan_period") is null then pg_column_size("archive_stock"."loan_period") when pg_column_size("archive_stock"."loan_period") > 1000000 then 4::bigint * pg_column_size("archive_stock"."loan_period") else octet_length("archive_stock"."loan_period"::text) end, 0)::bigint + coalesce(pg_column_size("archive_stock"."received"), 0)::bigint + coalesce(pg_column_size("archive_stock"."written_off"), 0)::bigint + coalesce(octet_length("archive_stock"."memo"), 0)::bigint, 2000000000)::integer as size, sum(least(coalesce(pg_column_size("archive_stock"."branch"), 0)::bigint + coalesce(pg_column_size("archive_stock"."item_no"), 0)::bigint + coalesce(octet_length("archive_stock"."barcode"), 0)::bigint + coalesce(octet_length("archive_stock"."label"), 0)::bigint + coalesce(case when pg_column_compression("archive_stock"."keywords") is null then pg_column_size("archive_stock"."keywords") when pg_column_size("archive_stock"."keywords") > 1000000 then 4::bigint * pg_column_size("archive_stock"."keywords") else octet_length("archive_stock"."keywords"::text) end, 0)::bigint + coalesce(case when pg_column_compression("archive_stock"."condition") is null then pg_column_size("archive_stock"."condition") when pg_column_size("archive_stock"."condition") > 1000000 then 4::bigint * pg_column_size("archive_stock"."condition") else octet_length("archive_stock"."condition"::text) end, 0)::bigint + coalesce(pg_column_size("archive_stock"."worth"), 0)::bigint + coalesce(pg_column_size("archive_stock"."acidity"), 0)::bigint + coalesce(case when pg_column_compression("archive_stock"."loan_period") is null then pg_column_size("archive_stock"."loan_period") when pg_column_size("archive_stock"."loan_period") > 1000000 then 4::bigint * pg_column_size("archive_stock"."loan_period") else octet_length("archive_stock"."loan_period"::text) end, 0)::bigint + coalesce(pg_column_size("archive_stock"."received"), 0)::bigint + coalesce(pg_column_size("archive_stock"."written_off"), 0)::bigint + coalesce(octet_length("archive_stock"."memo"), 0)::bigint, 2000000000)::integer) over w as bytes
    from "public"."archive_stock" as "archive_stock"
  window w as (order by "archive_stock"."branch", "archive_stock"."item_no" rows unbounded preceding)
) q where q.n % $1::bigint = 0 or q.bytes / $2::bigint > (q.bytes - q.size) / $2::bigint order by q.n

-- 8/action/Move/cut/narrow
-- one row: whether batches of $1 rows stay below half of $2 bytes, by the first rows and by where values are kept
select c.relkind = 'r' and coalesce(pg_relation_size(nullif(c.reltoastrelid, 0)), 0) = 0
   and (select coalesce(avg(q.size), 0) from (select least(coalesce(pg_column_size("archive_stock"."branch"), 0)::bigint + coalesce(pg_column_size("archive_stock"."item_no"), 0)::bigint + coalesce(octet_length("archive_stock"."barcode"), 0)::bigint + coalesce(octet_length("archive_stock"."label"), 0)::bigint + coalesce(case when pg_column_compression("archive_stock"."keywords") is null then pg_column_size("archive_stock"."keywords") when pg_column_size("archive_stock"."keywords") > 1000000 then 4::bigint * pg_column_size("archive_stock"."keywords") else octet_length("archive_stock"."keywords"::text) end, 0)::bigint + coalesce(case when pg_column_compression("archive_stock"."condition") is null then pg_column_size("archive_stock"."condition") when pg_column_size("archive_stock"."condition") > 1000000 then 4::bigint * pg_column_size("archive_stock"."condition") else octet_length("archive_stock"."condition"::text) end, 0)::bigint + coalesce(pg_column_size("archive_stock"."worth"), 0)::bigint + coalesce(pg_column_size("archive_stock"."acidity"), 0)::bigint + coalesce(case when pg_column_compression("archive_stock"."loan_period") is null then pg_column_size("archive_stock"."loan_period") when pg_column_size("archive_stock"."loan_period") > 1000000 then 4::bigint * pg_column_size("archive_stock"."loan_period") else octet_length("archive_stock"."loan_period"::text) end, 0)::bigint + coalesce(pg_column_size("archive_stock"."received"), 0)::bigint + coalesce(pg_column_size("archive_stock"."written_off"), 0)::bigint + coalesce(octet_length("archive_stock"."memo"), 0)::bigint, 2000000000)::integer as size from "public"."archive_stock" as "archive_stock" limit 1000) q) * $1::bigint <= $2::bigint / 2 as narrow
  from pg_class c where c.oid = '"public"."archive_stock"'::regclass

-- 8/action/Move/batch
-- as 7/action/Move/batch, but for:
@@ -1,5 +1,5 @@
 -- one row: what became of the rows of one batch
 with classified as materialized (
-  select c."item_key", c."barcode", c."title", c."author", c."binding", c."isbn", c."price", c."acquired_on", c."last_seen_at", c."catalogued_at", c."notes", c."subjects", c."on_loan", c."extra", c.pgfold_id, c.pgfold_i0, c.pgfold_key, c.pgfold_hash, c.pgfold_wrong, c.pgfold_defaulted, c.pgfold_lossy, c.pgfold_held,
+  select c."item_key", c."barcode", c."title", c."price", c."catalogued_at", c."notes", c."subjects", c."extra", c.pgfold_id, c.pgfold_i0, c.pgfold_i1, c.pgfold_key, c.pgfold_hash, c.pgfold_wrong, c.pgfold_defaulted, c.pgfold_lossy, c.pgfold_held,
          c.pgfold_standing_target, c.pgfold_gone, c.pgfold_winner_source, c.pgfold_winner, c.pgfold_fills, c.pgfold_outcome, c.pgfold_reason,
          c.pgfold_revived, c.pgfold_takes_over, c.pgfold_standing_run, c.pgfold_standing_hash, c.pgfold_dead
@@ -76,14 +76,12 @@
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
@@ -96,36 +94,28 @@
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
@@ -133,6 +123,6 @@
          (null)::date as "removed_on",
          null::int as pgfold_big
-    from "public"."old_books" as "old_books"
-   where (($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint)) and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.id = ("old_books"."book_no")::text) is distinct from 'raises')) and coalesce((true), false)
+    from "public"."archive_stock" as "archive_stock"
+   where (($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint)) and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.id = array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text) is distinct from 'raises')) and coalesce((condition <> 'missing'), false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -151,5 +141,5 @@
     left join (select null::text as id, null::text as target_id, null::text as key_then, false as there where false) g on g.id = s.pgfold_id and (not g.there or g.key_then is not distinct from s.pgfold_key collate pg_catalog."C")
     left join lateral (select v.id, v.verdict, v.reason, v.winner_source, v.winner, v.key_held, null::text as winner_target
-  from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.id = s.pgfold_id
+  from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.id = s.pgfold_id
    -- it speaks about what the row had then
    and v.claim is not distinct from case when v.claim_on is null then s.pgfold_key collate pg_catalog."C" when v.claim_on = -1 then s.pgfold_alike::text collate pg_catalog."C" when v.claim_on = 1 then s.pgfold_u1::text collate pg_catalog."C" end limit 1
@@ -163,6 +153,6 @@
 ),
 inserted as (
-  insert into "public"."items" as pgfold_t ("item_key", "barcode", "title", "author", "binding", "isbn", "price", "acquired_on", "last_seen_at", "catalogued_at", "notes", "subjects", "on_loan", "extra") 
-  select c."item_key", c."barcode", c."title", c."author", c."binding", c."isbn", c."price", c."acquired_on", c."last_seen_at", c."catalogued_at", c."notes", c."subjects", c."on_loan", c."extra" from classified c where c.pgfold_outcome = 'inserted' and not c.pgfold_revived order by c.pgfold_key, c.pgfold_id
+  insert into "public"."items" as pgfold_t ("item_key", "barcode", "title", "price", "catalogued_at", "notes", "subjects", "extra") 
+  select c."item_key", c."barcode", c."title", c."price", c."catalogued_at", c."notes", c."subjects", c."extra" from classified c where c.pgfold_outcome = 'inserted' and not c.pgfold_revived order by c.pgfold_key, c.pgfold_id
   on conflict ("item_key") do nothing
   returning ("pgfold_t"."item_id")::text as target_id, ("pgfold_t"."item_key")::text as key, hash_array_extended(array["pgfold_t"."item_id"::text, "pgfold_t"."accession"::text, "pgfold_t"."barcode"::text, "pgfold_t"."title"::text, "pgfold_t"."author"::text, "pgfold_t"."binding"::text, "pgfold_t"."isbn"::text, "pgfold_t"."price"::text, "pgfold_t"."acquired_on"::text, ("pgfold_t"."last_seen_at" at time zone 'UTC')::text, ("pgfold_t"."catalogued_at" at time zone 'UTC')::text, "pgfold_t"."notes"::text, "pgfold_t"."extra"::text, "pgfold_t"."subjects"::text, "pgfold_t"."on_loan"::text, "pgfold_t"."words"::text, "pgfold_t"."removed_on"::text, "pgfold_t"."item_key"::text]::text[] collate pg_catalog."C", 0) as target_hash, null::text[] as fills
@@ -171,5 +161,5 @@
 walked as (
   insert into "pgfold"."crosswalk" (run, source, id, outcome, key, target_id, reason_code, reason_detail, winner, source_hash, target_hash, detail)
-  select $1::bigint, 'old_books', c.pgfold_id, o.outcome, c.pgfold_key,
+  select $1::bigint, 'archive_stock', c.pgfold_id, o.outcome, c.pgfold_key,
          coalesce(c.target_id, case when c.pgfold_outcome in ('unchanged', 'duplicate', 'duplicate_in_source') then c.pgfold_held end,
                   case when c.pgfold_outcome = 'duplicate' and split_part(c.pgfold_reason, ' ', 1) in ('secondary_key', 'secondary_key_not_live') then substr(c.pgfold_reason, length(split_part(c.pgfold_reason, ' ', 1)) + 2) end),
@@ -179,8 +169,8 @@
          case when o.outcome in ('duplicate', 'duplicate_in_source', 'merged') then
            jsonb_strip_nulls(jsonb_build_object('filled', to_jsonb(nullif(case when not c.is_twin then coalesce(c.fills, c.pgfold_fills) end, '{}'))))
-           || jsonb_build_object('row', (select (jsonb_strip_nulls(jsonb_build_object('book_no', "l"."book_no", 'barcode', "l"."barcode", 'book_title', "l"."book_title", 'writer', "l"."writer", 'cover', "l"."cover", 'isbn_text', "l"."isbn_text", 'cost', "l"."cost", 'bought', ("l"."bought")::text, 'seen', ("l"."seen")::text, 'added', ("l"."added")::text, 'remarks', "l"."remarks", 'lent_out', "l"."lent_out", 'Shelf "Hint"', "l"."Shelf ""Hint""", 'file_sum', ("l"."file_sum")::text)) || case when "l"."details" is not null then jsonb_build_object('details'::text, "l"."details") else '{}' end || case when "l"."topics" is not null then jsonb_build_object('topics'::text, "l"."topics") else '{}' end) from "public"."old_books" l where l."book_no" operator(pg_catalog.=) c.pgfold_i0)) end
+           || jsonb_build_object('row', (select (jsonb_strip_nulls(jsonb_build_object('branch', "l"."branch", 'item_no', "l"."item_no", 'barcode', "l"."barcode", 'label', "l"."label", 'keywords', ("l"."keywords")::text, 'condition', ("l"."condition")::text, 'worth', case when "l"."worth" = 0 and ("l"."worth")::text like '-%' then to_jsonb(("l"."worth")::text) else to_jsonb("l"."worth") end, 'acidity', case when "l"."acidity" = 0 and ("l"."acidity")::text like '-%' then to_jsonb(("l"."acidity")::text) else to_jsonb("l"."acidity") end, 'loan_period', ("l"."loan_period")::text, 'received', case when isfinite("l"."received") then regexp_replace(("l"."received" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("l"."received")::text end, 'written_off', ("l"."written_off")::text, 'memo', "l"."memo"))) from "public"."archive_stock" l where l."branch" operator(pg_catalog.=) c.pgfold_i0 and l."item_no" operator(pg_catalog.=) c.pgfold_i1)) end
     from (
       -- a full join is never done row by row, however few rows the planner expects; each written row is one of ours
-      select c."pgfold_id", c."pgfold_outcome", c."pgfold_key", c."pgfold_held", c."pgfold_reason", c."pgfold_winner_source", c."pgfold_winner", c."pgfold_hash", c."pgfold_fills", c.pgfold_i0, w.target_id, w.target_hash, w.fills,
+      select c."pgfold_id", c."pgfold_outcome", c."pgfold_key", c."pgfold_held", c."pgfold_reason", c."pgfold_winner_source", c."pgfold_winner", c."pgfold_hash", c."pgfold_fills", c.pgfold_i0, c.pgfold_i1, w.target_id, w.target_hash, w.fills,
              -- rows that came to share a key since conflicts were resolved: the first was written, the others are resolved again
              w.target_id is not null and row_number() over (partition by w.target_id order by c.pgfold_outcome, c.pgfold_id) > 1 as is_twin
@@ -189,23 +179,23 @@
        where (c.pgfold_id is null) is not true
       union all
-      select c."pgfold_id", c."pgfold_outcome", c."pgfold_key", c."pgfold_held", c."pgfold_reason", c."pgfold_winner_source", c."pgfold_winner", c."pgfold_hash", c."pgfold_fills", c.pgfold_i0, null, null, null, false from classified c where c.pgfold_outcome not in ('inserted', 'merged')
+      select c."pgfold_id", c."pgfold_outcome", c."pgfold_key", c."pgfold_held", c."pgfold_reason", c."pgfold_winner_source", c."pgfold_winner", c."pgfold_hash", c."pgfold_fills", c.pgfold_i0, c.pgfold_i1, null, null, null, false from classified c where c.pgfold_outcome not in ('inserted', 'merged')
     ) c
    cross join lateral (select case when c.is_twin then 'duplicate' else c.pgfold_outcome end as outcome,
                               case when c.is_twin then 'concurrent_write' else c.pgfold_reason end as reason) o
   union all
-  select $1::bigint, 'old_books', ("old_books"."book_no")::text, 'filtered', null, null, 'where', null, null, hash_array_extended(array["old_books"."book_no"::text, "old_books"."barcode"::text, "old_books"."book_title"::text, "old_books"."writer"::text, "old_books"."cover"::text, "old_books"."isbn_text"::text, "old_books"."cost"::text, "old_books"."bought"::text, "old_books"."seen"::text, "old_books"."added"::text, "old_books"."remarks"::text, "old_books"."details"::text, "old_books"."topics"::text, "old_books"."lent_out"::text, "old_books"."Shelf ""Hint"""::text, "old_books"."file_sum"::text]::text[] collate pg_catalog."C", 0), null, null
-    from "public"."old_books" as "old_books" where (($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))) and not coalesce((true), false)
+  select $1::bigint, 'archive_stock', array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text, 'filtered', null, null, 'where', null, null, hash_array_extended(array["archive_stock"."branch"::text, "archive_stock"."item_no"::text, "archive_stock"."barcode"::text, "archive_stock"."label"::text, "archive_stock"."keywords"::text, "archive_stock"."condition"::text, "archive_stock"."worth"::text, "archive_stock"."acidity"::text, "archive_stock"."loan_period"::text, ("archive_stock"."received" at time zone 'UTC')::text, "archive_stock"."written_off"::text, "archive_stock"."memo"::text]::text[] collate pg_catalog."C", 0), null, null
+    from "public"."archive_stock" as "archive_stock" where (($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint))) and not coalesce((condition <> 'missing'), false)
   union all
-  select $1::bigint, 'old_books', ("old_books"."book_no")::text, 'rejected', null, null, split_part(pgfold_raised, ' ', 1), nullif(substr(pgfold_raised, length(split_part(pgfold_raised, ' ', 1)) + 2), ''), null, hash_array_extended(array["old_books"."book_no"::text, "old_books"."barcode"::text, "old_books"."book_title"::text, "old_books"."writer"::text, "old_books"."cover"::text, "old_books"."isbn_text"::text, "old_books"."cost"::text, "old_books"."bought"::text, "old_books"."seen"::text, "old_books"."added"::text, "old_books"."remarks"::text, "old_books"."details"::text, "old_books"."topics"::text, "old_books"."lent_out"::text, "old_books"."Shelf ""Hint"""::text, "old_books"."file_sum"::text]::text[] collate pg_catalog."C", 0), null, (jsonb_strip_nulls(jsonb_build_object('book_no', "old_books"."book_no", 'barcode', "old_books"."barcode", 'book_title', "old_books"."book_title", 'writer', "old_books"."writer", 'cover', "old_books"."cover", 'isbn_text', "old_books"."isbn_text", 'cost', "old_books"."cost", 'bought', ("old_books"."bought")::text, 'seen', ("old_books"."seen")::text, 'added', ("old_books"."added")::text, 'remarks', "old_books"."remarks", 'lent_out', "old_books"."lent_out", 'Shelf "Hint"', "old_books"."Shelf ""Hint""", 'file_sum', ("old_books"."file_sum")::text)) || case when "old_books"."details" is not null then jsonb_build_object('details'::text, "old_books"."details") else '{}' end || case when "old_books"."topics" is not null then jsonb_build_object('topics'::text, "old_books"."topics") else '{}' end)
-    from "public"."old_books" as "old_books"
+  select $1::bigint, 'archive_stock', array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text, 'rejected', null, null, split_part(pgfold_raised, ' ', 1), nullif(substr(pgfold_raised, length(split_part(pgfold_raised, ' ', 1)) + 2), ''), null, hash_array_extended(array["archive_stock"."branch"::text, "archive_stock"."item_no"::text, "archive_stock"."barcode"::text, "archive_stock"."label"::text, "archive_stock"."keywords"::text, "archive_stock"."condition"::text, "archive_stock"."worth"::text, "archive_stock"."acidity"::text, "archive_stock"."loan_period"::text, ("archive_stock"."received" at time zone 'UTC')::text, "archive_stock"."written_off"::text, "archive_stock"."memo"::text]::text[] collate pg_catalog."C", 0), null, (jsonb_strip_nulls(jsonb_build_object('branch', "archive_stock"."branch", 'item_no', "archive_stock"."item_no", 'barcode', "archive_stock"."barcode", 'label', "archive_stock"."label", 'keywords', ("archive_stock"."keywords")::text, 'condition', ("archive_stock"."condition")::text, 'worth', case when "archive_stock"."worth" = 0 and ("archive_stock"."worth")::text like '-%' then to_jsonb(("archive_stock"."worth")::text) else to_jsonb("archive_stock"."worth") end, 'acidity', case when "archive_stock"."acidity" = 0 and ("archive_stock"."acidity")::text like '-%' then to_jsonb(("archive_stock"."acidity")::text) else to_jsonb("archive_stock"."acidity") end, 'loan_period', ("archive_stock"."loan_period")::text, 'received', case when isfinite("archive_stock"."received") then regexp_replace(("archive_stock"."received" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("archive_stock"."received")::text end, 'written_off', ("archive_stock"."written_off")::text, 'memo', "archive_stock"."memo")))
+    from "public"."archive_stock" as "archive_stock"
     -- the filter names the source's columns, and must not meet the ledger's
-    cross join lateral (select v.reason from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.verdict = 'raises' and v.id = ("old_books"."book_no")::text limit 1) pgfold_v(pgfold_raised)
-   where (($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))) and coalesce((true), false) and not (select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.verdict = 'raises'))
+    cross join lateral (select v.reason from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.verdict = 'raises' and v.id = array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text limit 1) pgfold_v(pgfold_raised)
+   where (($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint))) and coalesce((condition <> 'missing'), false) and not (select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.verdict = 'raises'))
   returning outcome, target_id
 ),
 refused as (
   insert into pgfold.reject (run, source, id, code, object, message, content)
-  select $1::bigint, 'old_books', c.pgfold_id, split_part(pgfold_f, ' ', 1), substr(pgfold_f, strpos(pgfold_f, ' ') + 1), null,
-         (select (jsonb_strip_nulls(jsonb_build_object('book_no', "l"."book_no", 'barcode', "l"."barcode", 'book_title', "l"."book_title", 'writer', "l"."writer", 'cover', "l"."cover", 'isbn_text', "l"."isbn_text", 'cost', "l"."cost", 'bought', ("l"."bought")::text, 'seen', ("l"."seen")::text, 'added', ("l"."added")::text, 'remarks', "l"."remarks", 'lent_out', "l"."lent_out", 'Shelf "Hint"', "l"."Shelf ""Hint""", 'file_sum', ("l"."file_sum")::text)) || case when "l"."details" is not null then jsonb_build_object('details'::text, "l"."details") else '{}' end || case when "l"."topics" is not null then jsonb_build_object('topics'::text, "l"."topics") else '{}' end) from "public"."old_books" l where l."book_no" operator(pg_catalog.=) c.pgfold_i0)
+  select $1::bigint, 'archive_stock', c.pgfold_id, split_part(pgfold_f, ' ', 1), substr(pgfold_f, strpos(pgfold_f, ' ') + 1), null,
+         (select (jsonb_strip_nulls(jsonb_build_object('branch', "l"."branch", 'item_no', "l"."item_no", 'barcode', "l"."barcode", 'label', "l"."label", 'keywords', ("l"."keywords")::text, 'condition', ("l"."condition")::text, 'worth', case when "l"."worth" = 0 and ("l"."worth")::text like '-%' then to_jsonb(("l"."worth")::text) else to_jsonb("l"."worth") end, 'acidity', case when "l"."acidity" = 0 and ("l"."acidity")::text like '-%' then to_jsonb(("l"."acidity")::text) else to_jsonb("l"."acidity") end, 'loan_period', ("l"."loan_period")::text, 'received', case when isfinite("l"."received") then regexp_replace(("l"."received" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("l"."received")::text end, 'written_off', ("l"."written_off")::text, 'memo', "l"."memo"))) from "public"."archive_stock" l where l."branch" operator(pg_catalog.=) c.pgfold_i0 and l."item_no" operator(pg_catalog.=) c.pgfold_i1)
     from classified c cross join unnest(case when cardinality(c.pgfold_wrong) > 0 then c.pgfold_wrong else array[c.pgfold_reason] end) pgfold_g(pgfold_f)
    where c.pgfold_outcome = 'rejected'
@@ -213,5 +203,5 @@
 )
 select jsonb_build_object(
-  'read', (select count(*) from "public"."old_books" as "old_books" where ($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))),
+  'read', (select count(*) from "public"."archive_stock" as "archive_stock" where ($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint))),
   'inserted', count(*) filter (where outcome = 'inserted'),
   'merged', count(*) filter (where outcome = 'merged'),
@@ -224,8 +214,5 @@
   'renamed', (select count(*) from written) - count(*) filter (where outcome in ('inserted', 'merged') and target_id is not null),
   'unresolved', count(*) filter (where outcome in ('inserted', 'merged') and target_id is null),
-  'defaulted', (select jsonb_object_agg(x.d, x.n)
-     from (select u.d, count(*) as n from classified c cross join unnest(c."pgfold_defaulted") u(d)
-            where c.pgfold_outcome in ('inserted', 'merged', 'unchanged') group by u.d) x)
-,
+  'defaulted', null::jsonb,
   'lossy', (select jsonb_object_agg(x.d, x.n)
      from (select u.d, count(*) as n from classified c cross join unnest(c."pgfold_lossy") u(d)

-- 8/action/Move/resolve
-- as 7/action/Move/resolve, but for:
@@ -2,7 +2,7 @@
 with found as (
   update "pgfold"."crosswalk" x set outcome = 'duplicate', target_id = ("pgfold_t"."item_id")::text, target_hash = null, reason_code = 'concurrent_write', reason_detail = null,
-         detail = jsonb_build_object('row', (select (jsonb_strip_nulls(jsonb_build_object('book_no', "old_books"."book_no", 'barcode', "old_books"."barcode", 'book_title', "old_books"."book_title", 'writer', "old_books"."writer", 'cover', "old_books"."cover", 'isbn_text', "old_books"."isbn_text", 'cost', "old_books"."cost", 'bought', ("old_books"."bought")::text, 'seen', ("old_books"."seen")::text, 'added', ("old_books"."added")::text, 'remarks', "old_books"."remarks", 'lent_out', "old_books"."lent_out", 'Shelf "Hint"', "old_books"."Shelf ""Hint""", 'file_sum', ("old_books"."file_sum")::text)) || case when "old_books"."details" is not null then jsonb_build_object('details'::text, "old_books"."details") else '{}' end || case when "old_books"."topics" is not null then jsonb_build_object('topics'::text, "old_books"."topics") else '{}' end) from "public"."old_books" as "old_books" where ("old_books"."book_no")::text = x.id))
+         detail = jsonb_build_object('row', (select (jsonb_strip_nulls(jsonb_build_object('branch', "archive_stock"."branch", 'item_no', "archive_stock"."item_no", 'barcode', "archive_stock"."barcode", 'label', "archive_stock"."label", 'keywords', ("archive_stock"."keywords")::text, 'condition', ("archive_stock"."condition")::text, 'worth', case when "archive_stock"."worth" = 0 and ("archive_stock"."worth")::text like '-%' then to_jsonb(("archive_stock"."worth")::text) else to_jsonb("archive_stock"."worth") end, 'acidity', case when "archive_stock"."acidity" = 0 and ("archive_stock"."acidity")::text like '-%' then to_jsonb(("archive_stock"."acidity")::text) else to_jsonb("archive_stock"."acidity") end, 'loan_period', ("archive_stock"."loan_period")::text, 'received', case when isfinite("archive_stock"."received") then regexp_replace(("archive_stock"."received" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("archive_stock"."received")::text end, 'written_off', ("archive_stock"."written_off")::text, 'memo', "archive_stock"."memo"))) from "public"."archive_stock" as "archive_stock" where array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text = x.id))
     from (select *, xmin as pgfold_xmin from "public"."items" where true) pgfold_t
-   where x.run = $1::bigint and x.source = 'old_books' and x.outcome = 'inserted' and x.target_id is null and pgfold_t."item_key" = x.key::text
+   where x.run = $1::bigint and x.source = 'archive_stock' and x.outcome = 'inserted' and x.target_id is null and pgfold_t."item_key" = x.key::text
      -- what a trigger of our own insert put there is no row of the application
      and pg_visible_in_snapshot((pg_current_xact_id()::text::numeric
@@ -15,5 +15,5 @@
 select jsonb_build_object('found', (select count(*) from found),
   -- rows that somebody wrote between the look at them and their lock
-  'raced', (select count(*) from "pgfold"."crosswalk" x where x.run = $1::bigint and x.source = 'old_books' and x.outcome = 'merged' and x.target_id is null),
-  'open', (select count(*) from "pgfold"."crosswalk" x where x.run = $1::bigint and x.source = 'old_books' and x.outcome in ('inserted', 'merged') and x.target_id is null)
+  'raced', (select count(*) from "pgfold"."crosswalk" x where x.run = $1::bigint and x.source = 'archive_stock' and x.outcome = 'merged' and x.target_id is null),
+  'open', (select count(*) from "pgfold"."crosswalk" x where x.run = $1::bigint and x.source = 'archive_stock' and x.outcome in ('inserted', 'merged') and x.target_id is null)
           - (select count(*) from found))::text

-- 8/action/Move/halve
-- one row: how many rows a range has, and where its lower half ends
select count(*) as rows, (array_agg(q.upto order by q.n))[greatest(count(*) / 2, 1)] as middle
  from (select to_jsonb(array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]) as upto, row_number() over (order by "archive_stock"."branch", "archive_stock"."item_no") as n
          from "public"."archive_stock" as "archive_stock" where ($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint))) q

-- 8/action/Move/reject_one
-- as 7/action/Move/reject_one, but for:
@@ -2,14 +2,14 @@
 with refused as (
   insert into pgfold.reject (run, source, id, code, object, message, content)
-  select $1::bigint, 'old_books', ("old_books"."book_no")::text, $4::text, $5::text, $6::text, (jsonb_strip_nulls(jsonb_build_object('book_no', "old_books"."book_no", 'barcode', "old_books"."barcode", 'book_title', "old_books"."book_title", 'writer', "old_books"."writer", 'cover', "old_books"."cover", 'isbn_text', "old_books"."isbn_text", 'cost', "old_books"."cost", 'bought', ("old_books"."bought")::text, 'seen', ("old_books"."seen")::text, 'added', ("old_books"."added")::text, 'remarks', "old_books"."remarks", 'lent_out', "old_books"."lent_out", 'Shelf "Hint"', "old_books"."Shelf ""Hint""", 'file_sum', ("old_books"."file_sum")::text)) || case when "old_books"."details" is not null then jsonb_build_object('details'::text, "old_books"."details") else '{}' end || case when "old_books"."topics" is not null then jsonb_build_object('topics'::text, "old_books"."topics") else '{}' end)
-    from "public"."old_books" as "old_books" where ($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))
+  select $1::bigint, 'archive_stock', array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text, $4::text, $5::text, $6::text, (jsonb_strip_nulls(jsonb_build_object('branch', "archive_stock"."branch", 'item_no', "archive_stock"."item_no", 'barcode', "archive_stock"."barcode", 'label', "archive_stock"."label", 'keywords', ("archive_stock"."keywords")::text, 'condition', ("archive_stock"."condition")::text, 'worth', case when "archive_stock"."worth" = 0 and ("archive_stock"."worth")::text like '-%' then to_jsonb(("archive_stock"."worth")::text) else to_jsonb("archive_stock"."worth") end, 'acidity', case when "archive_stock"."acidity" = 0 and ("archive_stock"."acidity")::text like '-%' then to_jsonb(("archive_stock"."acidity")::text) else to_jsonb("archive_stock"."acidity") end, 'loan_period', ("archive_stock"."loan_period")::text, 'received', case when isfinite("archive_stock"."received") then regexp_replace(("archive_stock"."received" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("archive_stock"."received")::text end, 'written_off', ("archive_stock"."written_off")::text, 'memo', "archive_stock"."memo")))
+    from "public"."archive_stock" as "archive_stock" where ($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint))
   returning id
 ), walked as (
   insert into "pgfold"."crosswalk" (run, source, id, outcome, reason_code, reason_detail, source_hash, detail)
-  select $1::bigint, 'old_books', ("old_books"."book_no")::text, 'rejected', $4::text, $5::text, hash_array_extended(array["old_books"."book_no"::text, "old_books"."barcode"::text, "old_books"."book_title"::text, "old_books"."writer"::text, "old_books"."cover"::text, "old_books"."isbn_text"::text, "old_books"."cost"::text, "old_books"."bought"::text, "old_books"."seen"::text, "old_books"."added"::text, "old_books"."remarks"::text, "old_books"."details"::text, "old_books"."topics"::text, "old_books"."lent_out"::text, "old_books"."Shelf ""Hint"""::text, "old_books"."file_sum"::text]::text[] collate pg_catalog."C", 0), (jsonb_strip_nulls(jsonb_build_object('book_no', "old_books"."book_no", 'barcode', "old_books"."barcode", 'book_title', "old_books"."book_title", 'writer', "old_books"."writer", 'cover', "old_books"."cover", 'isbn_text', "old_books"."isbn_text", 'cost', "old_books"."cost", 'bought', ("old_books"."bought")::text, 'seen', ("old_books"."seen")::text, 'added', ("old_books"."added")::text, 'remarks', "old_books"."remarks", 'lent_out', "old_books"."lent_out", 'Shelf "Hint"', "old_books"."Shelf ""Hint""", 'file_sum', ("old_books"."file_sum")::text)) || case when "old_books"."details" is not null then jsonb_build_object('details'::text, "old_books"."details") else '{}' end || case when "old_books"."topics" is not null then jsonb_build_object('topics'::text, "old_books"."topics") else '{}' end)
-    from "public"."old_books" as "old_books" where ($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))
+  select $1::bigint, 'archive_stock', array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text, 'rejected', $4::text, $5::text, hash_array_extended(array["archive_stock"."branch"::text, "archive_stock"."item_no"::text, "archive_stock"."barcode"::text, "archive_stock"."label"::text, "archive_stock"."keywords"::text, "archive_stock"."condition"::text, "archive_stock"."worth"::text, "archive_stock"."acidity"::text, "archive_stock"."loan_period"::text, ("archive_stock"."received" at time zone 'UTC')::text, "archive_stock"."written_off"::text, "archive_stock"."memo"::text]::text[] collate pg_catalog."C", 0), (jsonb_strip_nulls(jsonb_build_object('branch', "archive_stock"."branch", 'item_no', "archive_stock"."item_no", 'barcode', "archive_stock"."barcode", 'label', "archive_stock"."label", 'keywords', ("archive_stock"."keywords")::text, 'condition', ("archive_stock"."condition")::text, 'worth', case when "archive_stock"."worth" = 0 and ("archive_stock"."worth")::text like '-%' then to_jsonb(("archive_stock"."worth")::text) else to_jsonb("archive_stock"."worth") end, 'acidity', case when "archive_stock"."acidity" = 0 and ("archive_stock"."acidity")::text like '-%' then to_jsonb(("archive_stock"."acidity")::text) else to_jsonb("archive_stock"."acidity") end, 'loan_period', ("archive_stock"."loan_period")::text, 'received', case when isfinite("archive_stock"."received") then regexp_replace(("archive_stock"."received" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("archive_stock"."received")::text end, 'written_off', ("archive_stock"."written_off")::text, 'memo', "archive_stock"."memo")))
+    from "public"."archive_stock" as "archive_stock" where ($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint))
   returning id
 )
-select jsonb_build_object('read', (select count(*) from "public"."old_books" as "old_books" where ($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))), 'inserted', 0, 'merged', 0,
+select jsonb_build_object('read', (select count(*) from "public"."archive_stock" as "archive_stock" where ($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint))), 'inserted', 0, 'merged', 0,
   'duplicate', 0, 'duplicate_in_source', 0, 'filtered', 0, 'rejected', (select count(*) from walked), 'unchanged', 0, 'pending', 0,
   'unresolved', 0, 'refused', (select count(*) from refused))::text


-- 9/action/Settle/lock
lock table "public"."old_books", "public"."archive_stock" in share row exclusive mode

-- 9/action/Settle/sources/0/different
-- a row is a legacy row that is not as this run read it: it came, it is another now, or it is gone
insert into pgfold.late (run, source, id, what)
select $1::bigint, 'old_books', coalesce(n.id, w.id), case when w.id is null then 'came' when n.id is null then 'gone' else 'changed' end
  from (select ("old_books"."book_no")::text as id, hash_array_extended(array["old_books"."book_no"::text, "old_books"."barcode"::text, "old_books"."book_title"::text, "old_books"."writer"::text, "old_books"."cover"::text, "old_books"."isbn_text"::text, "old_books"."cost"::text, "old_books"."bought"::text, "old_books"."seen"::text, "old_books"."added"::text, "old_books"."remarks"::text, "old_books"."details"::text, "old_books"."topics"::text, "old_books"."lent_out"::text, "old_books"."Shelf ""Hint"""::text, "old_books"."file_sum"::text]::text[] collate pg_catalog."C", 0) as hash from "public"."old_books" as "old_books") n
  full join (
    select x.id, x.source_hash from pgfold.crosswalk x where x.run = $1::bigint and x.source = 'old_books'
  ) w on w.id = n.id
 where w.source_hash is distinct from n.hash or w.id is null or n.id is null

-- 9/action/Settle/sources/0/moving/cut/by_rows
-- a row is the upper end of a batch of $1 rows
select q.upto from (
  select array[("old_books"."book_no")::text] as upto, row_number() over (order by "old_books"."book_no") as n from "public"."old_books" as "old_books"
) q where q.n % $1::bigint = 0 order by q.n

-- 9/action/Settle/sources/0/moving/cut/by_size
-- a row is the upper end of a batch of at most $1 rows and, but for its last row, $2 bytes
select q.upto from (
  select array[("old_books"."book_no")::text] as upto, row_number() over w as n, least(coalesce(pg_column_size("old_books"."book_no"), 0)::bigint + coalesce(octet_length("old_books"."barcode"), 0)::bigint + coalesce(octet_length("old_books"."book_title"), 0)::bigint + coalesce(octet_length("old_books"."writer"), 0)::bigint + coalesce(octet_length("old_books"."cover"), 0)::bigint + coalesce(octet_length("old_books"."isbn_text"), 0)::bigint + coalesce(pg_column_size("old_books"."cost"), 0)::bigint + coalesce(pg_column_size("old_books"."bought"), 0)::bigint + coalesce(pg_column_size("old_books"."seen"), 0)::bigint + coalesce(pg_column_size("old_books"."added"), 0)::bigint + coalesce(octet_length("old_books"."remarks"), 0)::bigint + coalesce(case when pg_column_compression("old_books"."details") is null then pg_column_size("old_books"."details") when pg_column_size("old_books"."details") > 1000000 then 4::bigint * pg_column_size("old_books"."details") else octet_length("old_books"."details"::text) end, 0)::bigint + coalesce(case when pg_column_compression("old_books"."topics") is null then pg_column_size("old_books"."topics") when pg_column_size("old_books"."topics") > 1000000 then 4::bigint * pg_column_size("old_books"."topics") else octet_length("old_books"."topics"::text) end, 0)::bigint + coalesce(octet_length("old_books"."lent_out"), 0)::bigint + coalesce(octet_length("old_books"."Shelf ""Hint"""), 0)::bigint + coalesce(octet_length("old_books"."file_sum"), 0)::bigint, 2000000000)::integer as size, sum(least(coalesce(pg_column_size("old_books"."book_no"), 0)::bigint + coalesce(octet_length("old_books"."barcode"), 0)::bigint + coalesce(octet_length("old_books"."book_title"), 0)::bigint + coalesce(octet_length("old_books"."writer"), 0)::bigint + coalesce(octet_length("old_books"."cover"), 0)::bigint + coalesce(octet_length("old_books"."isbn_text"), 0)::bigint + coalesce(pg_column_size("old_books"."cost"), 0)::bigint + coalesce(pg_column_size("old_books"."bought"), 0)::bigint + coalesce(pg_column_size("old_books"."seen"), 0)::bigint + coalesce(pg_column_size("old_books"."added"), 0)::bigint + coalesce(octet_length("old_books"."remarks"), 0)::bigint + coalesce(case when pg_column_compression("old_books"."details") is null then pg_column_size("old_books"."details") when pg_column_size("old_books"."details") > 1000000 then 4::bigint * pg_column_size("old_books"."details") else octet_length("old_books"."details"::text) end, 0)::bigint + coalesce(case when pg_column_compression("old_books"."topics") is null then pg_column_size("old_books"."topics") when pg_column_size("old_books"."topics") > 1000000 then 4::bigint * pg_column_size("old_books"."topics") else octet_length("old_books"."topics"::text) end, 0)::bigint + coalesce(octet_length("old_books"."lent_out"), 0)::bigint + coalesce(octet_length("old_books"."Shelf ""Hint"""), 0)::bigint + coalesce(octet_length("old_books"."file_sum"), 0)::bigint, 2000000000)::integer) over w as bytes
    from "public"."old_books" as "old_books"
  window w as (order by "old_books"."book_no" rows unbounded preceding)
) q where q.n % $1::bigint = 0 or q.bytes / $2::bigint > (q.bytes - q.size) / $2::bigint order by q.n

-- 9/action/Settle/sources/0/moving/cut/narrow
-- one row: whether batches of $1 rows stay below half of $2 bytes, by the first rows and by where values are kept
select c.relkind = 'r' and coalesce(pg_relation_size(nullif(c.reltoastrelid, 0)), 0) = 0
   and (select coalesce(avg(q.size), 0) from (select least(coalesce(pg_column_size("old_books"."book_no"), 0)::bigint + coalesce(octet_length("old_books"."barcode"), 0)::bigint + coalesce(octet_length("old_books"."book_title"), 0)::bigint + coalesce(octet_length("old_books"."writer"), 0)::bigint + coalesce(octet_length("old_books"."cover"), 0)::bigint + coalesce(octet_length("old_books"."isbn_text"), 0)::bigint + coalesce(pg_column_size("old_books"."cost"), 0)::bigint + coalesce(pg_column_size("old_books"."bought"), 0)::bigint + coalesce(pg_column_size("old_books"."seen"), 0)::bigint + coalesce(pg_column_size("old_books"."added"), 0)::bigint + coalesce(octet_length("old_books"."remarks"), 0)::bigint + coalesce(case when pg_column_compression("old_books"."details") is null then pg_column_size("old_books"."details") when pg_column_size("old_books"."details") > 1000000 then 4::bigint * pg_column_size("old_books"."details") else octet_length("old_books"."details"::text) end, 0)::bigint + coalesce(case when pg_column_compression("old_books"."topics") is null then pg_column_size("old_books"."topics") when pg_column_size("old_books"."topics") > 1000000 then 4::bigint * pg_column_size("old_books"."topics") else octet_length("old_books"."topics"::text) end, 0)::bigint + coalesce(octet_length("old_books"."lent_out"), 0)::bigint + coalesce(octet_length("old_books"."Shelf ""Hint"""), 0)::bigint + coalesce(octet_length("old_books"."file_sum"), 0)::bigint, 2000000000)::integer as size from "public"."old_books" as "old_books" limit 1000) q) * $1::bigint <= $2::bigint / 2 as narrow
  from pg_class c where c.oid = '"public"."old_books"'::regclass

-- 9/action/Settle/sources/0/moving/batch
-- as 7/action/Move/batch, but for:
@@ -66,5 +66,5 @@
          case when (v.verdict = 'lost' and v.winner_source in (null)) or false or (t.pgfold_tid is not null and not t.pgfold_live and t.pgfold_tid is distinct from st.target_id) is true then '{}' else array_remove(array[]::text[], null) end as pgfold_fills,
          '{}'::text[] as pgfold_merged_faults,
-         coalesce(case when s.pgfold_u1 is distinct from null and exists (select from "public"."items" pgfold_t where (barcode) operator(pg_catalog.=) ("s".pgfold_u1_0 collate "pg_catalog"."default") and ("pgfold_t"."item_id")::text is distinct from t.pgfold_tid) then '23505 items_barcode_key' end) as pgfold_taken
+         coalesce(case when s.pgfold_u1 is distinct from null and exists (select from "public"."items" pgfold_t where (barcode) operator(pg_catalog.=) ("s".pgfold_u1_0 collate "pg_catalog"."default") and not (("pgfold_t"."item_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null)) and ("pgfold_t"."item_id")::text is distinct from t.pgfold_tid) then '23505 items_barcode_key' end) as pgfold_taken
     from (
   -- a row is a source row as the target row it would become, with what is wrong with it
@@ -134,5 +134,6 @@
          null::int as pgfold_big
     from "public"."old_books" as "old_books"
-   where (($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint)) and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.id = ("old_books"."book_no")::text) is distinct from 'raises')) and coalesce((true), false)
+   where (($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint)) and ("old_books"."book_no") in (select l.id::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'old_books')
+ and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.id = ("old_books"."book_no")::text) is distinct from 'raises')) and coalesce((true), false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -147,5 +148,5 @@
     ) s
     left join lateral (select pgfold_t.*, ("pgfold_t"."item_id")::text as pgfold_tid, ("pgfold_t"."item_key")::text as pgfold_tkey, coalesce((removed_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."items" pgfold_t where true
- and pgfold_t."item_key" = s."item_key" limit 1) t on true
+ and pgfold_t."item_key" = s."item_key" and not (("pgfold_t"."item_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null)) limit 1) t on true
     left join lateral (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on true
     left join (select null::text as id, null::text as target_id, null::text as key_then, false as there where false) g on g.id = s.pgfold_id and (not g.there or g.key_then is not distinct from s.pgfold_key collate pg_catalog."C")
@@ -162,11 +163,20 @@
   ) c
 ),
+rewritten as (
+  update "public"."items" as pgfold_t set "barcode" = c."barcode", "title" = c."title", "author" = c."author", "binding" = c."binding", "isbn" = c."isbn", "price" = c."price", "acquired_on" = c."acquired_on", "last_seen_at" = c."last_seen_at", "catalogued_at" = c."catalogued_at", "notes" = c."notes", "subjects" = c."subjects", "on_loan" = c."on_loan", "extra" = c."extra"
+    from classified c
+   where c.pgfold_outcome = 'inserted' and not c.pgfold_revived and pgfold_t."item_key" = c."item_key" and ("pgfold_t"."item_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null)
+  returning ("pgfold_t"."item_id")::text as target_id, ("pgfold_t"."item_key")::text as key, hash_array_extended(array["pgfold_t"."item_id"::text, "pgfold_t"."accession"::text, "pgfold_t"."barcode"::text, "pgfold_t"."title"::text, "pgfold_t"."author"::text, "pgfold_t"."binding"::text, "pgfold_t"."isbn"::text, "pgfold_t"."price"::text, "pgfold_t"."acquired_on"::text, ("pgfold_t"."last_seen_at" at time zone 'UTC')::text, ("pgfold_t"."catalogued_at" at time zone 'UTC')::text, "pgfold_t"."notes"::text, "pgfold_t"."extra"::text, "pgfold_t"."subjects"::text, "pgfold_t"."on_loan"::text, "pgfold_t"."words"::text, "pgfold_t"."removed_on"::text, "pgfold_t"."item_key"::text]::text[] collate pg_catalog."C", 0) as target_hash, null::text[] as fills
+),
 inserted as (
   insert into "public"."items" as pgfold_t ("item_key", "barcode", "title", "author", "binding", "isbn", "price", "acquired_on", "last_seen_at", "catalogued_at", "notes", "subjects", "on_loan", "extra") 
-  select c."item_key", c."barcode", c."title", c."author", c."binding", c."isbn", c."price", c."acquired_on", c."last_seen_at", c."catalogued_at", c."notes", c."subjects", c."on_loan", c."extra" from classified c where c.pgfold_outcome = 'inserted' and not c.pgfold_revived order by c.pgfold_key, c.pgfold_id
+  select c."item_key", c."barcode", c."title", c."author", c."binding", c."isbn", c."price", c."acquired_on", c."last_seen_at", c."catalogued_at", c."notes", c."subjects", c."on_loan", c."extra" from classified c
+   where c.pgfold_outcome = 'inserted' and not c.pgfold_revived
+     and not exists (select from "public"."items" pgfold_t where pgfold_t."item_key" = c."item_key" and ("pgfold_t"."item_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null))
+   order by c.pgfold_key
   on conflict ("item_key") do nothing
   returning ("pgfold_t"."item_id")::text as target_id, ("pgfold_t"."item_key")::text as key, hash_array_extended(array["pgfold_t"."item_id"::text, "pgfold_t"."accession"::text, "pgfold_t"."barcode"::text, "pgfold_t"."title"::text, "pgfold_t"."author"::text, "pgfold_t"."binding"::text, "pgfold_t"."isbn"::text, "pgfold_t"."price"::text, "pgfold_t"."acquired_on"::text, ("pgfold_t"."last_seen_at" at time zone 'UTC')::text, ("pgfold_t"."catalogued_at" at time zone 'UTC')::text, "pgfold_t"."notes"::text, "pgfold_t"."extra"::text, "pgfold_t"."subjects"::text, "pgfold_t"."on_loan"::text, "pgfold_t"."words"::text, "pgfold_t"."removed_on"::text, "pgfold_t"."item_key"::text]::text[] collate pg_catalog."C", 0) as target_hash, null::text[] as fills
 ),
-written as (select * from inserted),
+written as (select * from inserted union all select * from rewritten),
 walked as (
   insert into "pgfold"."crosswalk" (run, source, id, outcome, key, target_id, reason_code, reason_detail, winner, source_hash, target_hash, detail)
@@ -195,5 +205,6 @@
   union all
   select $1::bigint, 'old_books', ("old_books"."book_no")::text, 'filtered', null, null, 'where', null, null, hash_array_extended(array["old_books"."book_no"::text, "old_books"."barcode"::text, "old_books"."book_title"::text, "old_books"."writer"::text, "old_books"."cover"::text, "old_books"."isbn_text"::text, "old_books"."cost"::text, "old_books"."bought"::text, "old_books"."seen"::text, "old_books"."added"::text, "old_books"."remarks"::text, "old_books"."details"::text, "old_books"."topics"::text, "old_books"."lent_out"::text, "old_books"."Shelf ""Hint"""::text, "old_books"."file_sum"::text]::text[] collate pg_catalog."C", 0), null, null
-    from "public"."old_books" as "old_books" where (($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))) and not coalesce((true), false)
+    from "public"."old_books" as "old_books" where (($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint)) and ("old_books"."book_no") in (select l.id::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'old_books')
+) and not coalesce((true), false)
   union all
   select $1::bigint, 'old_books', ("old_books"."book_no")::text, 'rejected', null, null, split_part(pgfold_raised, ' ', 1), nullif(substr(pgfold_raised, length(split_part(pgfold_raised, ' ', 1)) + 2), ''), null, hash_array_extended(array["old_books"."book_no"::text, "old_books"."barcode"::text, "old_books"."book_title"::text, "old_books"."writer"::text, "old_books"."cover"::text, "old_books"."isbn_text"::text, "old_books"."cost"::text, "old_books"."bought"::text, "old_books"."seen"::text, "old_books"."added"::text, "old_books"."remarks"::text, "old_books"."details"::text, "old_books"."topics"::text, "old_books"."lent_out"::text, "old_books"."Shelf ""Hint"""::text, "old_books"."file_sum"::text]::text[] collate pg_catalog."C", 0), null, (jsonb_strip_nulls(jsonb_build_object('book_no', "old_books"."book_no", 'barcode', "old_books"."barcode", 'book_title', "old_books"."book_title", 'writer', "old_books"."writer", 'cover', "old_books"."cover", 'isbn_text', "old_books"."isbn_text", 'cost', "old_books"."cost", 'bought', ("old_books"."bought")::text, 'seen', ("old_books"."seen")::text, 'added', ("old_books"."added")::text, 'remarks', "old_books"."remarks", 'lent_out', "old_books"."lent_out", 'Shelf "Hint"', "old_books"."Shelf ""Hint""", 'file_sum', ("old_books"."file_sum")::text)) || case when "old_books"."details" is not null then jsonb_build_object('details'::text, "old_books"."details") else '{}' end || case when "old_books"."topics" is not null then jsonb_build_object('topics'::text, "old_books"."topics") else '{}' end)
@@ -201,5 +212,6 @@
     -- the filter names the source's columns, and must not meet the ledger's
     cross join lateral (select v.reason from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.verdict = 'raises' and v.id = ("old_books"."book_no")::text limit 1) pgfold_v(pgfold_raised)
-   where (($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))) and coalesce((true), false) and not (select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.verdict = 'raises'))
+   where (($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint)) and ("old_books"."book_no") in (select l.id::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'old_books')
+) and coalesce((true), false) and not (select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.verdict = 'raises'))
   returning outcome, target_id
 ),
@@ -213,5 +225,6 @@
 )
 select jsonb_build_object(
-  'read', (select count(*) from "public"."old_books" as "old_books" where ($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))),
+  'read', (select count(*) from "public"."old_books" as "old_books" where ($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint)) and ("old_books"."book_no") in (select l.id::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'old_books')
+),
   'inserted', count(*) filter (where outcome = 'inserted'),
   'merged', count(*) filter (where outcome = 'merged'),

-- 9/action/Settle/sources/0/moving/resolve
-- as 7/action/Move/resolve, but for:


-- 9/action/Settle/sources/0/moving/halve
-- one row: how many rows a range has, and where its lower half ends
select count(*) as rows, (array_agg(q.upto order by q.n))[greatest(count(*) / 2, 1)] as middle
  from (select to_jsonb(array[("old_books"."book_no")::text]) as upto, row_number() over (order by "old_books"."book_no") as n
          from "public"."old_books" as "old_books" where ($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint)) and ("old_books"."book_no") in (select l.id::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'old_books')
) q

-- 9/action/Settle/sources/0/moving/reject_one
-- as 7/action/Move/reject_one, but for:
@@ -3,13 +3,16 @@
   insert into pgfold.reject (run, source, id, code, object, message, content)
   select $1::bigint, 'old_books', ("old_books"."book_no")::text, $4::text, $5::text, $6::text, (jsonb_strip_nulls(jsonb_build_object('book_no', "old_books"."book_no", 'barcode', "old_books"."barcode", 'book_title', "old_books"."book_title", 'writer', "old_books"."writer", 'cover', "old_books"."cover", 'isbn_text', "old_books"."isbn_text", 'cost', "old_books"."cost", 'bought', ("old_books"."bought")::text, 'seen', ("old_books"."seen")::text, 'added', ("old_books"."added")::text, 'remarks', "old_books"."remarks", 'lent_out', "old_books"."lent_out", 'Shelf "Hint"', "old_books"."Shelf ""Hint""", 'file_sum', ("old_books"."file_sum")::text)) || case when "old_books"."details" is not null then jsonb_build_object('details'::text, "old_books"."details") else '{}' end || case when "old_books"."topics" is not null then jsonb_build_object('topics'::text, "old_books"."topics") else '{}' end)
-    from "public"."old_books" as "old_books" where ($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))
+    from "public"."old_books" as "old_books" where ($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint)) and ("old_books"."book_no") in (select l.id::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'old_books')
+
   returning id
 ), walked as (
   insert into "pgfold"."crosswalk" (run, source, id, outcome, reason_code, reason_detail, source_hash, detail)
   select $1::bigint, 'old_books', ("old_books"."book_no")::text, 'rejected', $4::text, $5::text, hash_array_extended(array["old_books"."book_no"::text, "old_books"."barcode"::text, "old_books"."book_title"::text, "old_books"."writer"::text, "old_books"."cover"::text, "old_books"."isbn_text"::text, "old_books"."cost"::text, "old_books"."bought"::text, "old_books"."seen"::text, "old_books"."added"::text, "old_books"."remarks"::text, "old_books"."details"::text, "old_books"."topics"::text, "old_books"."lent_out"::text, "old_books"."Shelf ""Hint"""::text, "old_books"."file_sum"::text]::text[] collate pg_catalog."C", 0), (jsonb_strip_nulls(jsonb_build_object('book_no', "old_books"."book_no", 'barcode', "old_books"."barcode", 'book_title', "old_books"."book_title", 'writer', "old_books"."writer", 'cover', "old_books"."cover", 'isbn_text', "old_books"."isbn_text", 'cost', "old_books"."cost", 'bought', ("old_books"."bought")::text, 'seen', ("old_books"."seen")::text, 'added', ("old_books"."added")::text, 'remarks', "old_books"."remarks", 'lent_out', "old_books"."lent_out", 'Shelf "Hint"', "old_books"."Shelf ""Hint""", 'file_sum', ("old_books"."file_sum")::text)) || case when "old_books"."details" is not null then jsonb_build_object('details'::text, "old_books"."details") else '{}' end || case when "old_books"."topics" is not null then jsonb_build_object('topics'::text, "old_books"."topics") else '{}' end)
-    from "public"."old_books" as "old_books" where ($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))
+    from "public"."old_books" as "old_books" where ($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint)) and ("old_books"."book_no") in (select l.id::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'old_books')
+
   returning id
 )
-select jsonb_build_object('read', (select count(*) from "public"."old_books" as "old_books" where ($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint))), 'inserted', 0, 'merged', 0,
+select jsonb_build_object('read', (select count(*) from "public"."old_books" as "old_books" where ($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint)) and ("old_books"."book_no") in (select l.id::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'old_books')
+), 'inserted', 0, 'merged', 0,
   'duplicate', 0, 'duplicate_in_source', 0, 'filtered', 0, 'rejected', (select count(*) from walked), 'unchanged', 0, 'pending', 0,
   'unresolved', 0, 'refused', (select count(*) from refused))::text

-- 9/action/Settle/sources/1/different
-- a row is a legacy row that is not as this run read it: it came, it is another now, or it is gone
insert into pgfold.late (run, source, id, what)
select $1::bigint, 'archive_stock', coalesce(n.id, w.id), case when w.id is null then 'came' when n.id is null then 'gone' else 'changed' end
  from (select array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text as id, hash_array_extended(array["archive_stock"."branch"::text, "archive_stock"."item_no"::text, "archive_stock"."barcode"::text, "archive_stock"."label"::text, "archive_stock"."keywords"::text, "archive_stock"."condition"::text, "archive_stock"."worth"::text, "archive_stock"."acidity"::text, "archive_stock"."loan_period"::text, ("archive_stock"."received" at time zone 'UTC')::text, "archive_stock"."written_off"::text, "archive_stock"."memo"::text]::text[] collate pg_catalog."C", 0) as hash from "public"."archive_stock" as "archive_stock") n
  full join (
    select x.id, x.source_hash from pgfold.crosswalk x where x.run = $1::bigint and x.source = 'archive_stock'
  ) w on w.id = n.id
 where w.source_hash is distinct from n.hash or w.id is null or n.id is null

-- 9/action/Settle/sources/1/moving/cut/by_rows
-- a row is the upper end of a batch of $1 rows
select q.upto from (
  select array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text] as upto, row_number() over (order by "archive_stock"."branch", "archive_stock"."item_no") as n from "public"."archive_stock" as "archive_stock"
) q where q.n % $1::bigint = 0 order by q.n

-- 9/action/Settle/sources/1/moving/cut/by_size
-- a row is the upper end of a batch of at most $1 rows and, but for its last row, $2 bytes
select q.upto from (
  select array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text] as upto, row_number() over w as n, least(coalesce(pg_column_size("archive_stock"."branch"), 0)::bigint + coalesce(pg_column_size("archive_stock"."item_no"), 0)::bigint + coalesce(octet_length("archive_stock"."barcode"), 0)::bigint + coalesce(octet_length("archive_stock"."label"), 0)::bigint + coalesce(case when pg_column_compression("archive_stock"."keywords") is null then pg_column_size("archive_stock"."keywords") when pg_column_size("archive_stock"."keywords") > 1000000 then 4::bigint * pg_column_size("archive_stock"."keywords") else octet_length("archive_stock"."keywords"::text) end, 0)::bigint + coalesce(case when pg_column_compression("archive_stock"."condition") is null then pg_column_size("archive_stock"."condition") when pg_column_size("archive_stock"."condition") > 1000000 then 4::bigint * pg_column_size("archive_stock"."condition") else octet_length("archive_stock"."condition"::text) end, 0)::bigint + coalesce(pg_column_size("archive_stock"."worth"), 0)::bigint + coalesce(pg_column_size("archive_stock"."acidity"), 0)::bigint + coalesce(case when pg_column_compression("archive_stock"."loan_period") is null then pg_column_size("archive_stock"."loan_period") when pg_column_size("archive_stock"."loan_period") > 1000000 then 4::bigint * pg_column_size("archive_stock"."loan_period") else octet_length("archive_stock"."loan_period"::text) end, 0)::bigint + coalesce(pg_column_size("archive_stock"."received"), 0)::bigint + coalesce(pg_column_size("archive_stock"."written_off"), 0)::bigint + coalesce(octet_length("archive_stock"."memo"), 0)::bigint, 2000000000)::integer as size, sum(least(coalesce(pg_column_size("archive_stock"."branch"), 0)::bigint + coalesce(pg_column_size("archive_stock"."item_no"), 0)::bigint + coalesce(octet_length("archive_stock"."barcode"), 0)::bigint + coalesce(octet_length("archive_stock"."label"), 0)::bigint + coalesce(case when pg_column_compression("archive_stock"."keywords") is null then pg_column_size("archive_stock"."keywords") when pg_column_size("archive_stock"."keywords") > 1000000 then 4::bigint * pg_column_size("archive_stock"."keywords") else octet_length("archive_stock"."keywords"::text) end, 0)::bigint + coalesce(case when pg_column_compression("archive_stock"."condition") is null then pg_column_size("archive_stock"."condition") when pg_column_size("archive_stock"."condition") > 1000000 then 4::bigint * pg_column_size("archive_stock"."condition") else octet_length("archive_stock"."condition"::text) end, 0)::bigint + coalesce(pg_column_size("archive_stock"."worth"), 0)::bigint + coalesce(pg_column_size("archive_stock"."acidity"), 0)::bigint + coalesce(case when pg_column_compression("archive_stock"."loan_period") is null then pg_column_size("archive_stock"."loan_period") when pg_column_size("archive_stock"."loan_period") > 1000000 then 4::bigint * pg_column_size("archive_stock"."loan_period") else octet_length("archive_stock"."loan_period"::text) end, 0)::bigint + coalesce(pg_column_size("archive_stock"."received"), 0)::bigint + coalesce(pg_column_size("archive_stock"."written_off"), 0)::bigint + coalesce(octet_length("archive_stock"."memo"), 0)::bigint, 2000000000)::integer) over w as bytes
    from "public"."archive_stock" as "archive_stock"
  window w as (order by "archive_stock"."branch", "archive_stock"."item_no" rows unbounded preceding)
) q where q.n % $1::bigint = 0 or q.bytes / $2::bigint > (q.bytes - q.size) / $2::bigint order by q.n

-- 9/action/Settle/sources/1/moving/cut/narrow
-- one row: whether batches of $1 rows stay below half of $2 bytes, by the first rows and by where values are kept
select c.relkind = 'r' and coalesce(pg_relation_size(nullif(c.reltoastrelid, 0)), 0) = 0
   and (select coalesce(avg(q.size), 0) from (select least(coalesce(pg_column_size("archive_stock"."branch"), 0)::bigint + coalesce(pg_column_size("archive_stock"."item_no"), 0)::bigint + coalesce(octet_length("archive_stock"."barcode"), 0)::bigint + coalesce(octet_length("archive_stock"."label"), 0)::bigint + coalesce(case when pg_column_compression("archive_stock"."keywords") is null then pg_column_size("archive_stock"."keywords") when pg_column_size("archive_stock"."keywords") > 1000000 then 4::bigint * pg_column_size("archive_stock"."keywords") else octet_length("archive_stock"."keywords"::text) end, 0)::bigint + coalesce(case when pg_column_compression("archive_stock"."condition") is null then pg_column_size("archive_stock"."condition") when pg_column_size("archive_stock"."condition") > 1000000 then 4::bigint * pg_column_size("archive_stock"."condition") else octet_length("archive_stock"."condition"::text) end, 0)::bigint + coalesce(pg_column_size("archive_stock"."worth"), 0)::bigint + coalesce(pg_column_size("archive_stock"."acidity"), 0)::bigint + coalesce(case when pg_column_compression("archive_stock"."loan_period") is null then pg_column_size("archive_stock"."loan_period") when pg_column_size("archive_stock"."loan_period") > 1000000 then 4::bigint * pg_column_size("archive_stock"."loan_period") else octet_length("archive_stock"."loan_period"::text) end, 0)::bigint + coalesce(pg_column_size("archive_stock"."received"), 0)::bigint + coalesce(pg_column_size("archive_stock"."written_off"), 0)::bigint + coalesce(octet_length("archive_stock"."memo"), 0)::bigint, 2000000000)::integer as size from "public"."archive_stock" as "archive_stock" limit 1000) q) * $1::bigint <= $2::bigint / 2 as narrow
  from pg_class c where c.oid = '"public"."archive_stock"'::regclass

-- 9/action/Settle/sources/1/moving/batch
-- as 8/action/Move/batch, but for:
@@ -66,5 +66,5 @@
          case when (v.verdict = 'lost' and v.winner_source in (null)) or false or (t.pgfold_tid is not null and not t.pgfold_live and t.pgfold_tid is distinct from st.target_id) is true then '{}' else array_remove(array[]::text[], null) end as pgfold_fills,
          '{}'::text[] as pgfold_merged_faults,
-         coalesce(case when s.pgfold_u1 is distinct from null and exists (select from "public"."items" pgfold_t where (barcode) operator(pg_catalog.=) ("s".pgfold_u1_0 collate "pg_catalog"."default") and ("pgfold_t"."item_id")::text is distinct from t.pgfold_tid) then '23505 items_barcode_key' end) as pgfold_taken
+         coalesce(case when s.pgfold_u1 is distinct from null and exists (select from "public"."items" pgfold_t where (barcode) operator(pg_catalog.=) ("s".pgfold_u1_0 collate "pg_catalog"."default") and not (("pgfold_t"."item_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null)) and ("pgfold_t"."item_id")::text is distinct from t.pgfold_tid) then '23505 items_barcode_key' end) as pgfold_taken
     from (
   -- a row is a source row as the target row it would become, with what is wrong with it
@@ -124,5 +124,6 @@
          null::int as pgfold_big
     from "public"."archive_stock" as "archive_stock"
-   where (($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint)) and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.id = array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text) is distinct from 'raises')) and coalesce((condition <> 'missing'), false)
+   where (($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint)) and ("archive_stock"."branch", "archive_stock"."item_no") in (select (l.id::text[])[1]::smallint, (l.id::text[])[2]::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'archive_stock')
+ and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.id = array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text) is distinct from 'raises')) and coalesce((condition <> 'missing'), false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -137,5 +138,5 @@
     ) s
     left join lateral (select pgfold_t.*, ("pgfold_t"."item_id")::text as pgfold_tid, ("pgfold_t"."item_key")::text as pgfold_tkey, coalesce((removed_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."items" pgfold_t where true
- and pgfold_t."item_key" = s."item_key" limit 1) t on true
+ and pgfold_t."item_key" = s."item_key" and not (("pgfold_t"."item_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null)) limit 1) t on true
     left join lateral (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on true
     left join (select null::text as id, null::text as target_id, null::text as key_then, false as there where false) g on g.id = s.pgfold_id and (not g.there or g.key_then is not distinct from s.pgfold_key collate pg_catalog."C")
@@ -152,11 +153,20 @@
   ) c
 ),
+rewritten as (
+  update "public"."items" as pgfold_t set "barcode" = c."barcode", "title" = c."title", "price" = c."price", "catalogued_at" = c."catalogued_at", "notes" = c."notes", "subjects" = c."subjects", "extra" = c."extra", "author" = default, "binding" = default, "isbn" = default, "acquired_on" = default, "last_seen_at" = default, "on_loan" = default
+    from classified c
+   where c.pgfold_outcome = 'inserted' and not c.pgfold_revived and pgfold_t."item_key" = c."item_key" and ("pgfold_t"."item_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null)
+  returning ("pgfold_t"."item_id")::text as target_id, ("pgfold_t"."item_key")::text as key, hash_array_extended(array["pgfold_t"."item_id"::text, "pgfold_t"."accession"::text, "pgfold_t"."barcode"::text, "pgfold_t"."title"::text, "pgfold_t"."author"::text, "pgfold_t"."binding"::text, "pgfold_t"."isbn"::text, "pgfold_t"."price"::text, "pgfold_t"."acquired_on"::text, ("pgfold_t"."last_seen_at" at time zone 'UTC')::text, ("pgfold_t"."catalogued_at" at time zone 'UTC')::text, "pgfold_t"."notes"::text, "pgfold_t"."extra"::text, "pgfold_t"."subjects"::text, "pgfold_t"."on_loan"::text, "pgfold_t"."words"::text, "pgfold_t"."removed_on"::text, "pgfold_t"."item_key"::text]::text[] collate pg_catalog."C", 0) as target_hash, null::text[] as fills
+),
 inserted as (
   insert into "public"."items" as pgfold_t ("item_key", "barcode", "title", "price", "catalogued_at", "notes", "subjects", "extra") 
-  select c."item_key", c."barcode", c."title", c."price", c."catalogued_at", c."notes", c."subjects", c."extra" from classified c where c.pgfold_outcome = 'inserted' and not c.pgfold_revived order by c.pgfold_key, c.pgfold_id
+  select c."item_key", c."barcode", c."title", c."price", c."catalogued_at", c."notes", c."subjects", c."extra" from classified c
+   where c.pgfold_outcome = 'inserted' and not c.pgfold_revived
+     and not exists (select from "public"."items" pgfold_t where pgfold_t."item_key" = c."item_key" and ("pgfold_t"."item_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null))
+   order by c.pgfold_key
   on conflict ("item_key") do nothing
   returning ("pgfold_t"."item_id")::text as target_id, ("pgfold_t"."item_key")::text as key, hash_array_extended(array["pgfold_t"."item_id"::text, "pgfold_t"."accession"::text, "pgfold_t"."barcode"::text, "pgfold_t"."title"::text, "pgfold_t"."author"::text, "pgfold_t"."binding"::text, "pgfold_t"."isbn"::text, "pgfold_t"."price"::text, "pgfold_t"."acquired_on"::text, ("pgfold_t"."last_seen_at" at time zone 'UTC')::text, ("pgfold_t"."catalogued_at" at time zone 'UTC')::text, "pgfold_t"."notes"::text, "pgfold_t"."extra"::text, "pgfold_t"."subjects"::text, "pgfold_t"."on_loan"::text, "pgfold_t"."words"::text, "pgfold_t"."removed_on"::text, "pgfold_t"."item_key"::text]::text[] collate pg_catalog."C", 0) as target_hash, null::text[] as fills
 ),
-written as (select * from inserted),
+written as (select * from inserted union all select * from rewritten),
 walked as (
   insert into "pgfold"."crosswalk" (run, source, id, outcome, key, target_id, reason_code, reason_detail, winner, source_hash, target_hash, detail)
@@ -185,5 +195,6 @@
   union all
   select $1::bigint, 'archive_stock', array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text, 'filtered', null, null, 'where', null, null, hash_array_extended(array["archive_stock"."branch"::text, "archive_stock"."item_no"::text, "archive_stock"."barcode"::text, "archive_stock"."label"::text, "archive_stock"."keywords"::text, "archive_stock"."condition"::text, "archive_stock"."worth"::text, "archive_stock"."acidity"::text, "archive_stock"."loan_period"::text, ("archive_stock"."received" at time zone 'UTC')::text, "archive_stock"."written_off"::text, "archive_stock"."memo"::text]::text[] collate pg_catalog."C", 0), null, null
-    from "public"."archive_stock" as "archive_stock" where (($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint))) and not coalesce((condition <> 'missing'), false)
+    from "public"."archive_stock" as "archive_stock" where (($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint)) and ("archive_stock"."branch", "archive_stock"."item_no") in (select (l.id::text[])[1]::smallint, (l.id::text[])[2]::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'archive_stock')
+) and not coalesce((condition <> 'missing'), false)
   union all
   select $1::bigint, 'archive_stock', array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text, 'rejected', null, null, split_part(pgfold_raised, ' ', 1), nullif(substr(pgfold_raised, length(split_part(pgfold_raised, ' ', 1)) + 2), ''), null, hash_array_extended(array["archive_stock"."branch"::text, "archive_stock"."item_no"::text, "archive_stock"."barcode"::text, "archive_stock"."label"::text, "archive_stock"."keywords"::text, "archive_stock"."condition"::text, "archive_stock"."worth"::text, "archive_stock"."acidity"::text, "archive_stock"."loan_period"::text, ("archive_stock"."received" at time zone 'UTC')::text, "archive_stock"."written_off"::text, "archive_stock"."memo"::text]::text[] collate pg_catalog."C", 0), null, (jsonb_strip_nulls(jsonb_build_object('branch', "archive_stock"."branch", 'item_no', "archive_stock"."item_no", 'barcode', "archive_stock"."barcode", 'label', "archive_stock"."label", 'keywords', ("archive_stock"."keywords")::text, 'condition', ("archive_stock"."condition")::text, 'worth', case when "archive_stock"."worth" = 0 and ("archive_stock"."worth")::text like '-%' then to_jsonb(("archive_stock"."worth")::text) else to_jsonb("archive_stock"."worth") end, 'acidity', case when "archive_stock"."acidity" = 0 and ("archive_stock"."acidity")::text like '-%' then to_jsonb(("archive_stock"."acidity")::text) else to_jsonb("archive_stock"."acidity") end, 'loan_period', ("archive_stock"."loan_period")::text, 'received', case when isfinite("archive_stock"."received") then regexp_replace(("archive_stock"."received" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("archive_stock"."received")::text end, 'written_off', ("archive_stock"."written_off")::text, 'memo', "archive_stock"."memo")))
@@ -191,5 +202,6 @@
     -- the filter names the source's columns, and must not meet the ledger's
     cross join lateral (select v.reason from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.verdict = 'raises' and v.id = array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text limit 1) pgfold_v(pgfold_raised)
-   where (($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint))) and coalesce((condition <> 'missing'), false) and not (select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.verdict = 'raises'))
+   where (($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint)) and ("archive_stock"."branch", "archive_stock"."item_no") in (select (l.id::text[])[1]::smallint, (l.id::text[])[2]::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'archive_stock')
+) and coalesce((condition <> 'missing'), false) and not (select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.verdict = 'raises'))
   returning outcome, target_id
 ),
@@ -203,5 +215,6 @@
 )
 select jsonb_build_object(
-  'read', (select count(*) from "public"."archive_stock" as "archive_stock" where ($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint))),
+  'read', (select count(*) from "public"."archive_stock" as "archive_stock" where ($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint)) and ("archive_stock"."branch", "archive_stock"."item_no") in (select (l.id::text[])[1]::smallint, (l.id::text[])[2]::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'archive_stock')
+),
   'inserted', count(*) filter (where outcome = 'inserted'),
   'merged', count(*) filter (where outcome = 'merged'),

-- 9/action/Settle/sources/1/moving/resolve
-- as 8/action/Move/resolve, but for:


-- 9/action/Settle/sources/1/moving/halve
-- one row: how many rows a range has, and where its lower half ends
select count(*) as rows, (array_agg(q.upto order by q.n))[greatest(count(*) / 2, 1)] as middle
  from (select to_jsonb(array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]) as upto, row_number() over (order by "archive_stock"."branch", "archive_stock"."item_no") as n
          from "public"."archive_stock" as "archive_stock" where ($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint)) and ("archive_stock"."branch", "archive_stock"."item_no") in (select (l.id::text[])[1]::smallint, (l.id::text[])[2]::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'archive_stock')
) q

-- 9/action/Settle/sources/1/moving/reject_one
-- as 9/action/Settle/sources/0/moving/reject_one, but for:
@@ -2,16 +2,16 @@
 with refused as (
   insert into pgfold.reject (run, source, id, code, object, message, content)
-  select $1::bigint, 'old_books', ("old_books"."book_no")::text, $4::text, $5::text, $6::text, (jsonb_strip_nulls(jsonb_build_object('book_no', "old_books"."book_no", 'barcode', "old_books"."barcode", 'book_title', "old_books"."book_title", 'writer', "old_books"."writer", 'cover', "old_books"."cover", 'isbn_text', "old_books"."isbn_text", 'cost', "old_books"."cost", 'bought', ("old_books"."bought")::text, 'seen', ("old_books"."seen")::text, 'added', ("old_books"."added")::text, 'remarks', "old_books"."remarks", 'lent_out', "old_books"."lent_out", 'Shelf "Hint"', "old_books"."Shelf ""Hint""", 'file_sum', ("old_books"."file_sum")::text)) || case when "old_books"."details" is not null then jsonb_build_object('details'::text, "old_books"."details") else '{}' end || case when "old_books"."topics" is not null then jsonb_build_object('topics'::text, "old_books"."topics") else '{}' end)
-    from "public"."old_books" as "old_books" where ($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint)) and ("old_books"."book_no") in (select l.id::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'old_books')
+  select $1::bigint, 'archive_stock', array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text, $4::text, $5::text, $6::text, (jsonb_strip_nulls(jsonb_build_object('branch', "archive_stock"."branch", 'item_no', "archive_stock"."item_no", 'barcode', "archive_stock"."barcode", 'label', "archive_stock"."label", 'keywords', ("archive_stock"."keywords")::text, 'condition', ("archive_stock"."condition")::text, 'worth', case when "archive_stock"."worth" = 0 and ("archive_stock"."worth")::text like '-%' then to_jsonb(("archive_stock"."worth")::text) else to_jsonb("archive_stock"."worth") end, 'acidity', case when "archive_stock"."acidity" = 0 and ("archive_stock"."acidity")::text like '-%' then to_jsonb(("archive_stock"."acidity")::text) else to_jsonb("archive_stock"."acidity") end, 'loan_period', ("archive_stock"."loan_period")::text, 'received', case when isfinite("archive_stock"."received") then regexp_replace(("archive_stock"."received" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("archive_stock"."received")::text end, 'written_off', ("archive_stock"."written_off")::text, 'memo', "archive_stock"."memo")))
+    from "public"."archive_stock" as "archive_stock" where ($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint)) and ("archive_stock"."branch", "archive_stock"."item_no") in (select (l.id::text[])[1]::smallint, (l.id::text[])[2]::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'archive_stock')
 
   returning id
 ), walked as (
   insert into "pgfold"."crosswalk" (run, source, id, outcome, reason_code, reason_detail, source_hash, detail)
-  select $1::bigint, 'old_books', ("old_books"."book_no")::text, 'rejected', $4::text, $5::text, hash_array_extended(array["old_books"."book_no"::text, "old_books"."barcode"::text, "old_books"."book_title"::text, "old_books"."writer"::text, "old_books"."cover"::text, "old_books"."isbn_text"::text, "old_books"."cost"::text, "old_books"."bought"::text, "old_books"."seen"::text, "old_books"."added"::text, "old_books"."remarks"::text, "old_books"."details"::text, "old_books"."topics"::text, "old_books"."lent_out"::text, "old_books"."Shelf ""Hint"""::text, "old_books"."file_sum"::text]::text[] collate pg_catalog."C", 0), (jsonb_strip_nulls(jsonb_build_object('book_no', "old_books"."book_no", 'barcode', "old_books"."barcode", 'book_title', "old_books"."book_title", 'writer', "old_books"."writer", 'cover', "old_books"."cover", 'isbn_text', "old_books"."isbn_text", 'cost', "old_books"."cost", 'bought', ("old_books"."bought")::text, 'seen', ("old_books"."seen")::text, 'added', ("old_books"."added")::text, 'remarks', "old_books"."remarks", 'lent_out', "old_books"."lent_out", 'Shelf "Hint"', "old_books"."Shelf ""Hint""", 'file_sum', ("old_books"."file_sum")::text)) || case when "old_books"."details" is not null then jsonb_build_object('details'::text, "old_books"."details") else '{}' end || case when "old_books"."topics" is not null then jsonb_build_object('topics'::text, "old_books"."topics") else '{}' end)
-    from "public"."old_books" as "old_books" where ($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint)) and ("old_books"."book_no") in (select l.id::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'old_books')
+  select $1::bigint, 'archive_stock', array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text, 'rejected', $4::text, $5::text, hash_array_extended(array["archive_stock"."branch"::text, "archive_stock"."item_no"::text, "archive_stock"."barcode"::text, "archive_stock"."label"::text, "archive_stock"."keywords"::text, "archive_stock"."condition"::text, "archive_stock"."worth"::text, "archive_stock"."acidity"::text, "archive_stock"."loan_period"::text, ("archive_stock"."received" at time zone 'UTC')::text, "archive_stock"."written_off"::text, "archive_stock"."memo"::text]::text[] collate pg_catalog."C", 0), (jsonb_strip_nulls(jsonb_build_object('branch', "archive_stock"."branch", 'item_no', "archive_stock"."item_no", 'barcode', "archive_stock"."barcode", 'label', "archive_stock"."label", 'keywords', ("archive_stock"."keywords")::text, 'condition', ("archive_stock"."condition")::text, 'worth', case when "archive_stock"."worth" = 0 and ("archive_stock"."worth")::text like '-%' then to_jsonb(("archive_stock"."worth")::text) else to_jsonb("archive_stock"."worth") end, 'acidity', case when "archive_stock"."acidity" = 0 and ("archive_stock"."acidity")::text like '-%' then to_jsonb(("archive_stock"."acidity")::text) else to_jsonb("archive_stock"."acidity") end, 'loan_period', ("archive_stock"."loan_period")::text, 'received', case when isfinite("archive_stock"."received") then regexp_replace(("archive_stock"."received" at time zone 'UTC')::text, '( BC)?$', '+00\1') else ("archive_stock"."received")::text end, 'written_off', ("archive_stock"."written_off")::text, 'memo', "archive_stock"."memo")))
+    from "public"."archive_stock" as "archive_stock" where ($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint)) and ("archive_stock"."branch", "archive_stock"."item_no") in (select (l.id::text[])[1]::smallint, (l.id::text[])[2]::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'archive_stock')
 
   returning id
 )
-select jsonb_build_object('read', (select count(*) from "public"."old_books" as "old_books" where ($2::text[] is null or ("old_books"."book_no") > (($2::text[])[1]::bigint)) and ($3::text[] is null or ("old_books"."book_no") <= (($3::text[])[1]::bigint)) and ("old_books"."book_no") in (select l.id::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'old_books')
+select jsonb_build_object('read', (select count(*) from "public"."archive_stock" as "archive_stock" where ($2::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") > (($2::text[])[1]::smallint, ($2::text[])[2]::bigint)) and ($3::text[] is null or ("archive_stock"."branch", "archive_stock"."item_no") <= (($3::text[])[1]::smallint, ($3::text[])[2]::bigint)) and ("archive_stock"."branch", "archive_stock"."item_no") in (select (l.id::text[])[1]::smallint, (l.id::text[])[2]::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'archive_stock')
 ), 'inserted', 0, 'merged', 0,
   'duplicate', 0, 'duplicate_in_source', 0, 'filtered', 0, 'rejected', (select count(*) from walked), 'unchanged', 0, 'pending', 0,

-- 9/action/Settle/claims
-- a row is a legacy row whose conflict was resolved by keys that have changed since; $2: whether writers may go on
with pgfold_line as materialized (
  select x.source, x.id, x.source || ' ' || x.id as name, x.outcome, x.key, x.target_id, x.winner, x.reason_code, x.reason from pgfold.crosswalk x where x.run = $1::bigint
), pgfold_stale as materialized (
  -- losers whose winner did not come with their key
  select l.source, l.id, w.source as winner_source, w.id as winner, w.outcome as winner_outcome, w.reason as winner_reason
    from pgfold_line l left join pgfold_line w on w.name = l.winner
   where l.outcome = 'duplicate_in_source' and l.winner is not null
     and (w.name is null or w.key is distinct from l.key or w.outcome in ('duplicate_in_source', 'filtered', 'rejected', 'pending'))
), pgfold_out as (
  -- a winner that was rejected, and is as it was then, is none any more
  insert into pgfold.verdict (run, source, id, verdict, reason)
  select distinct $1::bigint, s.winner_source, s.winner, 'raises', s.winner_reason from pgfold_stale s
   where s.winner_outcome = 'rejected'
     and not exists (select from pgfold.late a where a.run = $1::bigint and a.source = s.winner_source and a.id = s.winner)
  on conflict (run, source, id) do update set verdict = excluded.verdict, reason = excluded.reason
  returning 1
)
insert into pgfold.late (run, source, id, what)
select $1::bigint, s.source, s.id, 'claim' from pgfold_stale s
union
-- rows that found their key with a row of this run
select $1::bigint, d.source, d.id, 'claim'
  from pgfold_line d join pgfold_line o on o.outcome = 'inserted' and o.target_id = d.target_id
 where d.outcome = 'duplicate' and (d.reason_code = 'secondary_key') is not true
union
-- what stood in the way of a rejected row may have gone
select $1::bigint, r.source, r.id, 'claim' from pgfold_line r
 where $2::boolean and r.outcome = 'rejected' and r.reason_code = '23505'
on conflict do nothing

-- 9/action/Settle/keys
-- a row is a legacy row that shares its key, as it was or as it is, with one that is late, or that may find room now
insert into pgfold.late (run, source, id, what)
select distinct $1::bigint, x.source, x.id, 'key'
  from pgfold.crosswalk x
 where x.run = $1::bigint
   and (x.outcome = 'rejected' and x.reason_code = '23505'
       and not exists (select from pgfold.verdict v where v.run = x.run and v.source = x.source and v.id = x.id and v.verdict = 'raises')
     or x.key in (
       select o.key from pgfold.crosswalk o join pgfold.late l on l.run = o.run and l.source = o.source and l.id = o.id
        where o.run = $1::bigint and o.key is not null
       union all
       select ((coalesce('BOOK-' || barcode, 'BOOK#' || book_no))::text)::text as key from "public"."old_books" as "old_books" where case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then (("old_books"."book_no") in (select l.id::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'old_books')
 and coalesce((true), false) and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.id = ("old_books"."book_no")::text) is distinct from 'raises')) end
       union all
       select ((coalesce('BOOK-' || barcode, 'ARCHIVE-' || branch || '-' || item_no))::text)::text as key from "public"."archive_stock" as "archive_stock" where case when pg_catalog.set_config('TimeZone', 'UTC', true) is not null then (("archive_stock"."branch", "archive_stock"."item_no") in (select (l.id::text[])[1]::smallint, (l.id::text[])[2]::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'archive_stock')
 and coalesce((condition <> 'missing'), false) and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.id = array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text) is distinct from 'raises')) end))
on conflict do nothing

-- 9/action/Settle/edited
-- rows that somebody edited in the target, or deleted there, are not written again: check 1 lists them; the others
-- stay as they are from here to the end
with locked as materialized (
  select pgfold_t."item_id"::text as id, hash_array_extended(array["pgfold_t"."item_id"::text, "pgfold_t"."accession"::text, "pgfold_t"."barcode"::text, "pgfold_t"."title"::text, "pgfold_t"."author"::text, "pgfold_t"."binding"::text, "pgfold_t"."isbn"::text, "pgfold_t"."price"::text, "pgfold_t"."acquired_on"::text, ("pgfold_t"."last_seen_at" at time zone 'UTC')::text, ("pgfold_t"."catalogued_at" at time zone 'UTC')::text, "pgfold_t"."notes"::text, "pgfold_t"."extra"::text, "pgfold_t"."subjects"::text, "pgfold_t"."on_loan"::text, "pgfold_t"."words"::text, "pgfold_t"."removed_on"::text, "pgfold_t"."item_key"::text]::text[] collate pg_catalog."C", 0) as hash
    from "public"."items" as pgfold_t
   where pgfold_t."item_id"::text in (
     select x.target_id from pgfold.crosswalk x join pgfold.late l on l.run = x.run and l.source = x.source and l.id = x.id
      where x.run = $1::bigint and x.outcome = 'inserted')
   order by pgfold_t."item_key"
     for update of pgfold_t
)
delete from pgfold.late l using pgfold.crosswalk x left join locked k on k.id = x.target_id
 where l.run = $1::bigint and x.run = $1::bigint and x.source = l.source and x.id = l.id and x.outcome = 'inserted'
   and (k.id is null or k.hash is distinct from x.target_hash)

-- 9/action/Settle/back
-- what was made of late rows is taken back, in the accounting as in the crosswalk
with lines as (
  delete from pgfold.crosswalk x using pgfold.late l
   where x.run = $1::bigint and l.run = x.run and l.source = x.source and l.id = x.id
  returning x.source, x.id, x.outcome, x.target_id, x.reason_code
), noted as (
  update pgfold.late l set target_id = n.target_id, revived = n.reason_code is not distinct from 'revived'
    from lines n where l.run = $1::bigint and l.source = n.source and l.id = n.id and n.outcome = 'inserted'
  returning 1
), verdicts as (
  delete from pgfold.verdict v using pgfold.late l where v.run = $1::bigint and l.run = v.run and l.source = v.source and l.id = v.id
   and l.what = 'key' returning 1
), rejects as (
  delete from pgfold.reject r using pgfold.late l where r.run = $1::bigint and l.run = r.run and l.source = r.source and l.id = r.id
   and l.what = 'key' returning 1
)
insert into pgfold.batch (run, step, source, batch, read, inserted, merged, duplicate, duplicate_in_source, filtered, rejected, unchanged, pending, committed_at, took_ms)
select $1::bigint, b.step, b.source, b.last + 1, -count(*), -count(*) filter (where n.outcome = 'inserted'), -count(*) filter (where n.outcome = 'merged'),
       -count(*) filter (where n.outcome = 'duplicate'), -count(*) filter (where n.outcome = 'duplicate_in_source'),
       -count(*) filter (where n.outcome = 'filtered'), -count(*) filter (where n.outcome = 'rejected'),
       -count(*) filter (where n.outcome = 'unchanged'), -count(*) filter (where n.outcome = 'pending'), clock_timestamp(), 0
  from (select step, source, max(batch) as last from pgfold.batch where run = $1::bigint group by step, source) b
  join lines n on n.source = b.source
 group by b.step, b.source, b.last

-- 9/action/Settle/contest
-- as 6/action/Contest/sql, but for:
@@ -70,5 +70,6 @@
          null::int as pgfold_big
     from "public"."old_books" as "old_books"
-   where (case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then ((true and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.id = ("old_books"."book_no")::text) is distinct from 'raises')) and coalesce((true), false)) end) and coalesce(true, false)
+   where (case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then ((("old_books"."book_no") in (select l.id::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'old_books')
+ and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.id = ("old_books"."book_no")::text) is distinct from 'raises')) and coalesce((true), false)) end) and coalesce(true, false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -138,5 +139,6 @@
          null::int as pgfold_big
     from "public"."archive_stock" as "archive_stock"
-   where (case when pg_catalog.set_config('TimeZone', 'UTC', true) is not null then ((true and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.id = array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text) is distinct from 'raises')) and coalesce((condition <> 'missing'), false)) end) and coalesce(true, false)
+   where (case when pg_catalog.set_config('TimeZone', 'UTC', true) is not null then ((("archive_stock"."branch", "archive_stock"."item_no") in (select (l.id::text[])[1]::smallint, (l.id::text[])[2]::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'archive_stock')
+ and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.id = array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text) is distinct from 'raises')) and coalesce((condition <> 'missing'), false)) end) and coalesce(true, false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -242,5 +244,6 @@
          null::int as pgfold_big
     from "public"."old_books" as "old_books"
-   where (case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then ((("old_books"."book_no")::text in (select w.id from pgfold_twice w where w.place = 0) and (true and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.id = ("old_books"."book_no")::text) is distinct from 'raises'))) and coalesce((true), false)) end) and coalesce(true, false)
+   where (case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then ((("old_books"."book_no")::text in (select w.id from pgfold_twice w where w.place = 0) and (("old_books"."book_no") in (select l.id::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'old_books')
+ and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.id = ("old_books"."book_no")::text) is distinct from 'raises'))) and coalesce((true), false)) end) and coalesce(true, false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -256,10 +259,10 @@
               left join (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on st.id = q.pgfold_id
               left join (select pgfold_t.*, ("pgfold_t"."item_id")::text as pgfold_tid, ("pgfold_t"."item_key")::text as pgfold_tkey, coalesce((removed_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."items" pgfold_t where true
- and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."item_id")::text)) h on h.pgfold_tkey = q.pgfold_key
+ and not (("pgfold_t"."item_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null))) h on h.pgfold_tkey = q.pgfold_key
               -- a row whose target row went, and whose key another row holds by now, stands no more
               cross join lateral (select st.run is not null and (h.pgfold_tid is null or h.pgfold_tid = st.target_id) as standing) o
               cross join lateral (select q.*) s cross join lateral (select h.pgfold_tid) t
               -- who would be rejected wins nothing
-              cross join lateral (select coalesce(case when s.pgfold_u1 is distinct from null and exists (select from "public"."items" pgfold_t where (barcode) operator(pg_catalog.=) ("s".pgfold_u1_0 collate "pg_catalog"."default") and ("pgfold_t"."item_id")::text is distinct from t.pgfold_tid) then '23505 items_barcode_key' end) as taken) k
+              cross join lateral (select coalesce(case when s.pgfold_u1 is distinct from null and exists (select from "public"."items" pgfold_t where (barcode) operator(pg_catalog.=) ("s".pgfold_u1_0 collate "pg_catalog"."default") and not (("pgfold_t"."item_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null)) and ("pgfold_t"."item_id")::text is distinct from t.pgfold_tid) then '23505 items_barcode_key' end) as taken) k
 
 union all
@@ -324,5 +327,6 @@
          null::int as pgfold_big
     from "public"."archive_stock" as "archive_stock"
-   where (case when pg_catalog.set_config('TimeZone', 'UTC', true) is not null then ((array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text in (select w.id from pgfold_twice w where w.place = 1) and (true and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.id = array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text) is distinct from 'raises'))) and coalesce((condition <> 'missing'), false)) end) and coalesce(true, false)
+   where (case when pg_catalog.set_config('TimeZone', 'UTC', true) is not null then ((array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text in (select w.id from pgfold_twice w where w.place = 1) and (("archive_stock"."branch", "archive_stock"."item_no") in (select (l.id::text[])[1]::smallint, (l.id::text[])[2]::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'archive_stock')
+ and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.id = array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text) is distinct from 'raises'))) and coalesce((condition <> 'missing'), false)) end) and coalesce(true, false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -338,10 +342,10 @@
               left join (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on st.id = q.pgfold_id
               left join (select pgfold_t.*, ("pgfold_t"."item_id")::text as pgfold_tid, ("pgfold_t"."item_key")::text as pgfold_tkey, coalesce((removed_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."items" pgfold_t where true
- and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."item_id")::text)) h on h.pgfold_tkey = q.pgfold_key
+ and not (("pgfold_t"."item_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null))) h on h.pgfold_tkey = q.pgfold_key
               -- a row whose target row went, and whose key another row holds by now, stands no more
               cross join lateral (select st.run is not null and (h.pgfold_tid is null or h.pgfold_tid = st.target_id) as standing) o
               cross join lateral (select q.*) s cross join lateral (select h.pgfold_tid) t
               -- who would be rejected wins nothing
-              cross join lateral (select coalesce(case when s.pgfold_u1 is distinct from null and exists (select from "public"."items" pgfold_t where (barcode) operator(pg_catalog.=) ("s".pgfold_u1_0 collate "pg_catalog"."default") and ("pgfold_t"."item_id")::text is distinct from t.pgfold_tid) then '23505 items_barcode_key' end) as taken) k
+              cross join lateral (select coalesce(case when s.pgfold_u1 is distinct from null and exists (select from "public"."items" pgfold_t where (barcode) operator(pg_catalog.=) ("s".pgfold_u1_0 collate "pg_catalog"."default") and not (("pgfold_t"."item_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null)) and ("pgfold_t"."item_id")::text is distinct from t.pgfold_tid) then '23505 items_barcode_key' end) as taken) k
 
             ) a
@@ -428,5 +432,6 @@
          null::int as pgfold_big
     from "public"."old_books" as "old_books"
-   where (case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then ((true and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.id = ("old_books"."book_no")::text) is distinct from 'raises')) and coalesce((true), false)) end) and coalesce(true, false)
+   where (case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then ((("old_books"."book_no") in (select l.id::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'old_books')
+ and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.id = ("old_books"."book_no")::text) is distinct from 'raises')) and coalesce((true), false)) end) and coalesce(true, false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -439,5 +444,5 @@
   offset 0
 ) q  where not exists (select from (select pgfold_t.*, ("pgfold_t"."item_id")::text as pgfold_tid, ("pgfold_t"."item_key")::text as pgfold_tkey, coalesce((removed_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."items" pgfold_t where true
- and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."item_id")::text)) h where h.pgfold_tkey = q.pgfold_key) and not exists (select from pgfold_by_key k where k.source = 'old_books' and k.id = q.pgfold_id)
+ and not (("pgfold_t"."item_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null))) h where h.pgfold_tkey = q.pgfold_key) and not exists (select from pgfold_by_key k where k.source = 'old_books' and k.id = q.pgfold_id)
 union all
 select 'archive_stock'::text as source, q.pgfold_id as id, 1 as place, row_number() over (order by q.pgfold_w0, q.pgfold_w1, q.pgfold_w2, q.pgfold_i0, q.pgfold_i1) as rank, q.pgfold_u1 as entry, cardinality(q.pgfold_faults) = 0 as ok from (  -- a row is a source row as the target row it would become, with what is wrong with it
@@ -497,5 +502,6 @@
          null::int as pgfold_big
     from "public"."archive_stock" as "archive_stock"
-   where (case when pg_catalog.set_config('TimeZone', 'UTC', true) is not null then ((true and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.id = array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text) is distinct from 'raises')) and coalesce((condition <> 'missing'), false)) end) and coalesce(true, false)
+   where (case when pg_catalog.set_config('TimeZone', 'UTC', true) is not null then ((("archive_stock"."branch", "archive_stock"."item_no") in (select (l.id::text[])[1]::smallint, (l.id::text[])[2]::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'archive_stock')
+ and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.id = array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text) is distinct from 'raises')) and coalesce((condition <> 'missing'), false)) end) and coalesce(true, false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -508,5 +514,5 @@
   offset 0
 ) q  where not exists (select from (select pgfold_t.*, ("pgfold_t"."item_id")::text as pgfold_tid, ("pgfold_t"."item_key")::text as pgfold_tkey, coalesce((removed_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."items" pgfold_t where true
- and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."item_id")::text)) h where h.pgfold_tkey = q.pgfold_key) and not exists (select from pgfold_by_key k where k.source = 'archive_stock' and k.id = q.pgfold_id)
+ and not (("pgfold_t"."item_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null))) h where h.pgfold_tkey = q.pgfold_key) and not exists (select from pgfold_by_key k where k.source = 'archive_stock' and k.id = q.pgfold_id)
           ) c
          where c.entry is distinct from null and c.ok
@@ -538,7 +544,7 @@
         from pgfold_keyed q
         join (select (lower(btrim(title)))::text as alike, min(("pgfold_t"."item_id")::text) filter (where coalesce((removed_on is null), false)) as id, min(("pgfold_t"."item_id")::text) as dead
-                from "public"."items" pgfold_t where true and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."item_id")::text) group by 1) t on t.alike = q.alike
+                from "public"."items" pgfold_t where true and not (("pgfold_t"."item_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null)) and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."item_id")::text) group by 1) t on t.alike = q.alike
        where q.place = 0 and (t.id is not null or true) and not exists (select from (select pgfold_t.*, ("pgfold_t"."item_id")::text as pgfold_tid, ("pgfold_t"."item_key")::text as pgfold_tkey, coalesce((removed_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."items" pgfold_t where true
- and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."item_id")::text)) h where h.pgfold_tkey = q.key)
+ and not (("pgfold_t"."item_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null))) h where h.pgfold_tkey = q.key)
 
       union all
@@ -549,7 +555,7 @@
         from pgfold_keyed q
         join (select (lower(btrim(title)))::text as alike, min(("pgfold_t"."item_id")::text) filter (where coalesce((removed_on is null), false)) as id, min(("pgfold_t"."item_id")::text) as dead
-                from "public"."items" pgfold_t where true and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."item_id")::text) group by 1) t on t.alike = q.alike
+                from "public"."items" pgfold_t where true and not (("pgfold_t"."item_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null)) and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."item_id")::text) group by 1) t on t.alike = q.alike
        where q.place = 1 and (t.id is not null or true) and not exists (select from (select pgfold_t.*, ("pgfold_t"."item_id")::text as pgfold_tid, ("pgfold_t"."item_key")::text as pgfold_tkey, coalesce((removed_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."items" pgfold_t where true
- and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."item_id")::text)) h where h.pgfold_tkey = q.key)
+ and not (("pgfold_t"."item_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null))) h where h.pgfold_tkey = q.key)
 
     ) a

-- 9/action/Settle/gone
-- one row: how many target rows of this run nobody wants any more, and how many of them are referred to
with wanted as materialized (
  select pgfold_t."item_id"::text as id from (select ((coalesce('BOOK-' || barcode, 'BOOK#' || book_no))::text)::text as key from "public"."old_books" as "old_books" where case when pg_catalog.set_config('TimeZone', 'Europe/Vienna', true) is not null then (("old_books"."book_no") in (select l.id::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'old_books')
 and coalesce((true), false) and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_books' and v.id = ("old_books"."book_no")::text) is distinct from 'raises')) end
       union all
       select ((coalesce('BOOK-' || barcode, 'ARCHIVE-' || branch || '-' || item_no))::text)::text as key from "public"."archive_stock" as "archive_stock" where case when pg_catalog.set_config('TimeZone', 'UTC', true) is not null then (("archive_stock"."branch", "archive_stock"."item_no") in (select (l.id::text[])[1]::smallint, (l.id::text[])[2]::bigint from pgfold.late l where l.run = $1::bigint and l.source = 'archive_stock')
 and coalesce((condition <> 'missing'), false) and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'archive_stock' and v.id = array[("archive_stock"."branch")::text, ("archive_stock"."item_no")::text]::text) is distinct from 'raises')) end) k join "public"."items" pgfold_t on pgfold_t."item_key"::text = k.key where $2::boolean
  union all
  select x.target_id from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id is not null
), unwanted as materialized (
  select l.target_id, l.revived from pgfold.late l
   where l.run = $1::bigint and l.target_id is not null and not exists (select from wanted w where w.id = l.target_id)
), referred as materialized (
  select null::text as id where false
  union all
  select pgfold_t."item_id"::text as id from unwanted u join "public"."items" pgfold_t on pgfold_t."item_id" = u.target_id::bigint join "public"."loans" r on r."item_id" = pgfold_t."item_id"
)
select count(*) as rows, (select count(distinct r.id) from referred r) as referred,
       coalesce(jsonb_agg(u.target_id) filter (where not u.revived), '[]') as ids, coalesce(jsonb_agg(u.target_id) filter (where u.revived), '[]') as revived
  from unwanted u

-- 9/action/Settle/delete
delete from "public"."items" as pgfold_t where pgfold_t."item_id" = any ($1::text[]::bigint[])

-- 9/action/Settle/soft_delete
update "public"."items" as pgfold_t set "removed_on" = ((current_date)) where pgfold_t."item_id" = any ($1::text[]::bigint[])


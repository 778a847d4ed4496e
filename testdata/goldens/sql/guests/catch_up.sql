-- 6/action/Settle/lock
lock table "public"."old_guests", "public"."web_guests" in share row exclusive mode

-- 6/action/Settle/sources/0/different
-- a row is a legacy row that is not as this run read it: it came, it is another now, or it is gone
insert into pgfold.late (run, source, id, what)
select $1::bigint, 'old_guests', coalesce(n.id, w.id), case when w.id is null then 'came' when n.id is null then 'gone' else 'changed' end
  from (select ("old_guests"."no")::text as id, hash_array_extended(array["old_guests"."no"::text, "old_guests"."mail"::text, "old_guests"."full_name"::text, "old_guests"."house"::text, "old_guests"."nights"::text, "old_guests"."born"::text, "old_guests"."card"::text]::text[] collate pg_catalog."C", 0) as hash from "public"."old_guests" as "old_guests") n
  full join (
    select x.id, x.source_hash from pgfold.crosswalk x where x.run = $1::bigint and x.source = 'old_guests'
  ) w on w.id = n.id
 where w.source_hash is distinct from n.hash or w.id is null or n.id is null

-- 6/action/Settle/sources/0/moving/cut/by_rows
-- a row is the upper end of a batch of $1 rows
select q.upto from (
  select array[("old_guests"."no")::text] as upto, row_number() over (order by "old_guests"."no") as n from "public"."old_guests" as "old_guests"
) q where q.n % $1::bigint = 0 order by q.n

-- 6/action/Settle/sources/0/moving/cut/by_size
-- a row is the upper end of a batch of at most $1 rows and, but for its last row, $2 bytes
select q.upto from (
  select array[("old_guests"."no")::text] as upto, row_number() over w as n, least(coalesce(pg_column_size("old_guests"."no"), 0)::bigint + coalesce(octet_length("old_guests"."mail"), 0)::bigint + coalesce(octet_length("old_guests"."full_name"), 0)::bigint + coalesce(octet_length("old_guests"."house"), 0)::bigint + coalesce(octet_length("old_guests"."nights"), 0)::bigint + coalesce(octet_length("old_guests"."born"), 0)::bigint + coalesce(octet_length("old_guests"."card"), 0)::bigint, 2000000000)::integer as size, sum(least(coalesce(pg_column_size("old_guests"."no"), 0)::bigint + coalesce(octet_length("old_guests"."mail"), 0)::bigint + coalesce(octet_length("old_guests"."full_name"), 0)::bigint + coalesce(octet_length("old_guests"."house"), 0)::bigint + coalesce(octet_length("old_guests"."nights"), 0)::bigint + coalesce(octet_length("old_guests"."born"), 0)::bigint + coalesce(octet_length("old_guests"."card"), 0)::bigint, 2000000000)::integer) over w as bytes
    from "public"."old_guests" as "old_guests"
  window w as (order by "old_guests"."no" rows unbounded preceding)
) q where q.n % $1::bigint = 0 or q.bytes / $2::bigint > (q.bytes - q.size) / $2::bigint order by q.n

-- 6/action/Settle/sources/0/moving/cut/narrow
-- one row: whether batches of $1 rows stay below half of $2 bytes, by the first rows and by where values are kept
select c.relkind = 'r' and coalesce(pg_relation_size(nullif(c.reltoastrelid, 0)), 0) = 0
   and (select coalesce(avg(q.size), 0) from (select least(coalesce(pg_column_size("old_guests"."no"), 0)::bigint + coalesce(octet_length("old_guests"."mail"), 0)::bigint + coalesce(octet_length("old_guests"."full_name"), 0)::bigint + coalesce(octet_length("old_guests"."house"), 0)::bigint + coalesce(octet_length("old_guests"."nights"), 0)::bigint + coalesce(octet_length("old_guests"."born"), 0)::bigint + coalesce(octet_length("old_guests"."card"), 0)::bigint, 2000000000)::integer as size from "public"."old_guests" as "old_guests" limit 1000) q) * $1::bigint <= $2::bigint / 2 as narrow
  from pg_class c where c.oid = '"public"."old_guests"'::regclass

-- 6/action/Settle/sources/0/moving/batch
-- as 4/action/Move/batch, but for:
@@ -108,5 +108,6 @@
          case when coalesce(pg_column_size("old_guests"."no"), 0) + coalesce(pg_column_size("old_guests"."mail"), 0) + coalesce(pg_column_size("old_guests"."nights"), 0) + coalesce(pg_column_size("old_guests"."born"), 0) + 0 > 100000 then pg_column_size(jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'old_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('no', "old_guests"."no", 'mail', "old_guests"."mail", 'nights', "old_guests"."nights", 'born', "old_guests"."born"))))) end as pgfold_big
     from "public"."old_guests" as "old_guests"
-   where (($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer)) and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.id = ("old_guests"."no")::text) is distinct from 'raises')) and coalesce((true), false)
+   where (($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer)) and ("old_guests"."no") in (select l.id::integer from pgfold.late l where l.run = $1::bigint and l.source = 'old_guests')
+ and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.id = ("old_guests"."no")::text) is distinct from 'raises')) and coalesce((true), false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -119,5 +120,5 @@
     ) s
     left join lateral (select pgfold_t.*, ("pgfold_t"."guest_id")::text as pgfold_tid, ("pgfold_t"."mail")::text as pgfold_tkey, coalesce((left_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."guests" pgfold_t where true
- and pgfold_t."mail" = s."mail" limit 1) t on true
+ and pgfold_t."mail" = s."mail" and not (("pgfold_t"."guest_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null)) limit 1) t on true
     left join lateral (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on true
     left join (select null::text as id, null::text as target_id, null::text as key_then, false as there where false) g on g.id = s.pgfold_id and (not g.there or g.key_then is not distinct from s.pgfold_key collate pg_catalog."C")
@@ -134,11 +135,20 @@
   ) c
 ),
+rewritten as (
+  update "public"."guests" as pgfold_t set "name" = c."name", "house" = c."house", "nights" = c."nights", "born" = c."born", "card" = c."card", "rest" = c."rest"
+    from classified c
+   where c.pgfold_outcome = 'inserted' and not c.pgfold_revived and pgfold_t."mail" = c."mail" and ("pgfold_t"."guest_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null)
+  returning ("pgfold_t"."guest_id")::text as target_id, ("pgfold_t"."mail")::text as key, hash_array_extended(array["pgfold_t"."guest_id"::text, "pgfold_t"."mail"::text, "pgfold_t"."name"::text, "pgfold_t"."house"::text, "pgfold_t"."nights"::text, "pgfold_t"."born"::text, "pgfold_t"."card"::text, "pgfold_t"."rest"::text, "pgfold_t"."left_on"::text, "pgfold_t"."vip"::text]::text[] collate pg_catalog."C", 0) as target_hash, null::text[] as fills
+),
 inserted as (
   insert into "public"."guests" as pgfold_t ("mail", "name", "house", "nights", "born", "card", "rest") 
-  select c."mail", c."name", c."house", c."nights", c."born", c."card", c."rest" from classified c where c.pgfold_outcome = 'inserted' and not c.pgfold_revived order by c.pgfold_key, c.pgfold_id
+  select c."mail", c."name", c."house", c."nights", c."born", c."card", c."rest" from classified c
+   where c.pgfold_outcome = 'inserted' and not c.pgfold_revived
+     and not exists (select from "public"."guests" pgfold_t where pgfold_t."mail" = c."mail" and ("pgfold_t"."guest_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null))
+   order by c.pgfold_key
   on conflict ("mail") do nothing
   returning ("pgfold_t"."guest_id")::text as target_id, ("pgfold_t"."mail")::text as key, hash_array_extended(array["pgfold_t"."guest_id"::text, "pgfold_t"."mail"::text, "pgfold_t"."name"::text, "pgfold_t"."house"::text, "pgfold_t"."nights"::text, "pgfold_t"."born"::text, "pgfold_t"."card"::text, "pgfold_t"."rest"::text, "pgfold_t"."left_on"::text, "pgfold_t"."vip"::text]::text[] collate pg_catalog."C", 0) as target_hash, null::text[] as fills
 ),
-written as (select * from inserted),
+written as (select * from inserted union all select * from rewritten),
 walked as (
   insert into "pgfold"."crosswalk" (run, source, id, outcome, key, target_id, reason_code, reason_detail, winner, source_hash, target_hash, detail)
@@ -167,5 +177,6 @@
   union all
   select $1::bigint, 'old_guests', ("old_guests"."no")::text, 'filtered', null, null, 'where', null, null, hash_array_extended(array["old_guests"."no"::text, "old_guests"."mail"::text, "old_guests"."full_name"::text, "old_guests"."house"::text, "old_guests"."nights"::text, "old_guests"."born"::text, "old_guests"."card"::text]::text[] collate pg_catalog."C", 0), null, null
-    from "public"."old_guests" as "old_guests" where (($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))) and not coalesce((true), false)
+    from "public"."old_guests" as "old_guests" where (($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer)) and ("old_guests"."no") in (select l.id::integer from pgfold.late l where l.run = $1::bigint and l.source = 'old_guests')
+) and not coalesce((true), false)
   union all
   select $1::bigint, 'old_guests', ("old_guests"."no")::text, 'rejected', null, null, split_part(pgfold_raised, ' ', 1), nullif(substr(pgfold_raised, length(split_part(pgfold_raised, ' ', 1)) + 2), ''), null, hash_array_extended(array["old_guests"."no"::text, "old_guests"."mail"::text, "old_guests"."full_name"::text, "old_guests"."house"::text, "old_guests"."nights"::text, "old_guests"."born"::text, "old_guests"."card"::text]::text[] collate pg_catalog."C", 0), null, (jsonb_strip_nulls(jsonb_build_object('no', "old_guests"."no", 'mail', "old_guests"."mail", 'full_name', "old_guests"."full_name", 'house', "old_guests"."house", 'nights', "old_guests"."nights", 'born', "old_guests"."born", 'card', "old_guests"."card")))
@@ -173,5 +184,6 @@
     -- the filter names the source's columns, and must not meet the ledger's
     cross join lateral (select v.reason from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.verdict = 'raises' and v.id = ("old_guests"."no")::text limit 1) pgfold_v(pgfold_raised)
-   where (($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))) and coalesce((true), false) and not (select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.verdict = 'raises'))
+   where (($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer)) and ("old_guests"."no") in (select l.id::integer from pgfold.late l where l.run = $1::bigint and l.source = 'old_guests')
+) and coalesce((true), false) and not (select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.verdict = 'raises'))
   returning outcome, target_id
 ),
@@ -185,5 +197,6 @@
 )
 select jsonb_build_object(
-  'read', (select count(*) from "public"."old_guests" as "old_guests" where ($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))),
+  'read', (select count(*) from "public"."old_guests" as "old_guests" where ($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer)) and ("old_guests"."no") in (select l.id::integer from pgfold.late l where l.run = $1::bigint and l.source = 'old_guests')
+),
   'inserted', count(*) filter (where outcome = 'inserted'),
   'merged', count(*) filter (where outcome = 'merged'),

-- 6/action/Settle/sources/0/moving/resolve
-- as 4/action/Move/resolve, but for:


-- 6/action/Settle/sources/0/moving/halve
-- one row: how many rows a range has, and where its lower half ends
select count(*) as rows, (array_agg(q.upto order by q.n))[greatest(count(*) / 2, 1)] as middle
  from (select to_jsonb(array[("old_guests"."no")::text]) as upto, row_number() over (order by "old_guests"."no") as n
          from "public"."old_guests" as "old_guests" where ($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer)) and ("old_guests"."no") in (select l.id::integer from pgfold.late l where l.run = $1::bigint and l.source = 'old_guests')
) q

-- 6/action/Settle/sources/0/moving/reject_one
-- as 4/action/Move/reject_one, but for:
@@ -3,13 +3,16 @@
   insert into pgfold.reject (run, source, id, code, object, message, content)
   select $1::bigint, 'old_guests', ("old_guests"."no")::text, $4::text, $5::text, $6::text, (jsonb_strip_nulls(jsonb_build_object('no', "old_guests"."no", 'mail', "old_guests"."mail", 'full_name', "old_guests"."full_name", 'house', "old_guests"."house", 'nights', "old_guests"."nights", 'born', "old_guests"."born", 'card', "old_guests"."card")))
-    from "public"."old_guests" as "old_guests" where ($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))
+    from "public"."old_guests" as "old_guests" where ($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer)) and ("old_guests"."no") in (select l.id::integer from pgfold.late l where l.run = $1::bigint and l.source = 'old_guests')
+
   returning id
 ), walked as (
   insert into "pgfold"."crosswalk" (run, source, id, outcome, reason_code, reason_detail, source_hash, detail)
   select $1::bigint, 'old_guests', ("old_guests"."no")::text, 'rejected', $4::text, $5::text, hash_array_extended(array["old_guests"."no"::text, "old_guests"."mail"::text, "old_guests"."full_name"::text, "old_guests"."house"::text, "old_guests"."nights"::text, "old_guests"."born"::text, "old_guests"."card"::text]::text[] collate pg_catalog."C", 0), (jsonb_strip_nulls(jsonb_build_object('no', "old_guests"."no", 'mail', "old_guests"."mail", 'full_name', "old_guests"."full_name", 'house', "old_guests"."house", 'nights', "old_guests"."nights", 'born', "old_guests"."born", 'card', "old_guests"."card")))
-    from "public"."old_guests" as "old_guests" where ($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))
+    from "public"."old_guests" as "old_guests" where ($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer)) and ("old_guests"."no") in (select l.id::integer from pgfold.late l where l.run = $1::bigint and l.source = 'old_guests')
+
   returning id
 )
-select jsonb_build_object('read', (select count(*) from "public"."old_guests" as "old_guests" where ($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer))), 'inserted', 0, 'merged', 0,
+select jsonb_build_object('read', (select count(*) from "public"."old_guests" as "old_guests" where ($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer)) and ("old_guests"."no") in (select l.id::integer from pgfold.late l where l.run = $1::bigint and l.source = 'old_guests')
+), 'inserted', 0, 'merged', 0,
   'duplicate', 0, 'duplicate_in_source', 0, 'filtered', 0, 'rejected', (select count(*) from walked), 'unchanged', 0, 'pending', 0,
   'unresolved', 0, 'refused', (select count(*) from refused))::text

-- 6/action/Settle/sources/1/different
-- a row is a legacy row that is not as this run read it: it came, it is another now, or it is gone
insert into pgfold.late (run, source, id, what)
select $1::bigint, 'web_guests', coalesce(n.id, w.id), case when w.id is null then 'came' when n.id is null then 'gone' else 'changed' end
  from (select ("web_guests"."id")::text as id, hash_array_extended(array["web_guests"."id"::text, "web_guests"."mail"::text, "web_guests"."name"::text, "web_guests"."stay"::text, "web_guests"."card"::text]::text[] collate pg_catalog."C", 0) as hash from "public"."web_guests" as "web_guests") n
  full join (
    select x.id, x.source_hash from pgfold.crosswalk x where x.run = $1::bigint and x.source = 'web_guests'
  ) w on w.id = n.id
 where w.source_hash is distinct from n.hash or w.id is null or n.id is null

-- 6/action/Settle/sources/1/moving/cut/by_rows
-- a row is the upper end of a batch of $1 rows
select q.upto from (
  select array[("web_guests"."id")::text] as upto, row_number() over (order by "web_guests"."id") as n from "public"."web_guests" as "web_guests"
) q where q.n % $1::bigint = 0 order by q.n

-- 6/action/Settle/sources/1/moving/cut/by_size
-- a row is the upper end of a batch of at most $1 rows and, but for its last row, $2 bytes
select q.upto from (
  select array[("web_guests"."id")::text] as upto, row_number() over w as n, least(coalesce(pg_column_size("web_guests"."id"), 0)::bigint + coalesce(octet_length("web_guests"."mail"), 0)::bigint + coalesce(octet_length("web_guests"."name"), 0)::bigint + coalesce(pg_column_size("web_guests"."stay"), 0)::bigint + coalesce(octet_length("web_guests"."card"), 0)::bigint, 2000000000)::integer as size, sum(least(coalesce(pg_column_size("web_guests"."id"), 0)::bigint + coalesce(octet_length("web_guests"."mail"), 0)::bigint + coalesce(octet_length("web_guests"."name"), 0)::bigint + coalesce(pg_column_size("web_guests"."stay"), 0)::bigint + coalesce(octet_length("web_guests"."card"), 0)::bigint, 2000000000)::integer) over w as bytes
    from "public"."web_guests" as "web_guests"
  window w as (order by "web_guests"."id" rows unbounded preceding)
) q where q.n % $1::bigint = 0 or q.bytes / $2::bigint > (q.bytes - q.size) / $2::bigint order by q.n

-- 6/action/Settle/sources/1/moving/cut/narrow
-- one row: whether batches of $1 rows stay below half of $2 bytes, by the first rows and by where values are kept
select c.relkind = 'r' and coalesce(pg_relation_size(nullif(c.reltoastrelid, 0)), 0) = 0
   and (select coalesce(avg(q.size), 0) from (select least(coalesce(pg_column_size("web_guests"."id"), 0)::bigint + coalesce(octet_length("web_guests"."mail"), 0)::bigint + coalesce(octet_length("web_guests"."name"), 0)::bigint + coalesce(pg_column_size("web_guests"."stay"), 0)::bigint + coalesce(octet_length("web_guests"."card"), 0)::bigint, 2000000000)::integer as size from "public"."web_guests" as "web_guests" limit 1000) q) * $1::bigint <= $2::bigint / 2 as narrow
  from pg_class c where c.oid = '"public"."web_guests"'::regclass

-- 6/action/Settle/sources/1/moving/batch
-- as 5/action/Move/batch, but for:
@@ -107,5 +107,6 @@
          case when coalesce(pg_column_size("web_guests"."id"), 0) + coalesce(pg_column_size("web_guests"."mail"), 0) + coalesce(pg_column_size("web_guests"."stay"), 0) + 0 > 100000 then pg_column_size(jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'web_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'stay', "web_guests"."stay"))))) end as pgfold_big
     from "public"."web_guests" as "web_guests"
-   where (($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid)) and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.id = ("web_guests"."id")::text) is distinct from 'raises')) and coalesce((true), false)
+   where (($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid)) and ("web_guests"."id") in (select l.id::uuid from pgfold.late l where l.run = $1::bigint and l.source = 'web_guests')
+ and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.id = ("web_guests"."id")::text) is distinct from 'raises')) and coalesce((true), false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -118,5 +119,5 @@
     ) s
     left join lateral (select pgfold_t.*, ("pgfold_t"."guest_id")::text as pgfold_tid, ("pgfold_t"."mail")::text as pgfold_tkey, coalesce((left_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."guests" pgfold_t where true
- and pgfold_t."mail" = s."mail" limit 1) t on true
+ and pgfold_t."mail" = s."mail" and not (("pgfold_t"."guest_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null)) limit 1) t on true
     left join lateral (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on true
     left join (select null::text as id, null::text as target_id, null::text as key_then, false as there where false) g on g.id = s.pgfold_id and (not g.there or g.key_then is not distinct from s.pgfold_key collate pg_catalog."C")
@@ -133,11 +134,20 @@
   ) c
 ),
+rewritten as (
+  update "public"."guests" as pgfold_t set "name" = c."name", "nights" = c."nights", "card" = c."card", "rest" = c."rest", "house" = default, "born" = default
+    from classified c
+   where c.pgfold_outcome = 'inserted' and not c.pgfold_revived and pgfold_t."mail" = c."mail" and ("pgfold_t"."guest_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null)
+  returning ("pgfold_t"."guest_id")::text as target_id, ("pgfold_t"."mail")::text as key, hash_array_extended(array["pgfold_t"."guest_id"::text, "pgfold_t"."mail"::text, "pgfold_t"."name"::text, "pgfold_t"."house"::text, "pgfold_t"."nights"::text, "pgfold_t"."born"::text, "pgfold_t"."card"::text, "pgfold_t"."rest"::text, "pgfold_t"."left_on"::text, "pgfold_t"."vip"::text]::text[] collate pg_catalog."C", 0) as target_hash, null::text[] as fills
+),
 inserted as (
   insert into "public"."guests" as pgfold_t ("mail", "name", "nights", "card", "rest") 
-  select c."mail", c."name", c."nights", c."card", c."rest" from classified c where c.pgfold_outcome = 'inserted' and not c.pgfold_revived order by c.pgfold_key, c.pgfold_id
+  select c."mail", c."name", c."nights", c."card", c."rest" from classified c
+   where c.pgfold_outcome = 'inserted' and not c.pgfold_revived
+     and not exists (select from "public"."guests" pgfold_t where pgfold_t."mail" = c."mail" and ("pgfold_t"."guest_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null))
+   order by c.pgfold_key
   on conflict ("mail") do nothing
   returning ("pgfold_t"."guest_id")::text as target_id, ("pgfold_t"."mail")::text as key, hash_array_extended(array["pgfold_t"."guest_id"::text, "pgfold_t"."mail"::text, "pgfold_t"."name"::text, "pgfold_t"."house"::text, "pgfold_t"."nights"::text, "pgfold_t"."born"::text, "pgfold_t"."card"::text, "pgfold_t"."rest"::text, "pgfold_t"."left_on"::text, "pgfold_t"."vip"::text]::text[] collate pg_catalog."C", 0) as target_hash, null::text[] as fills
 ),
-written as (select * from inserted),
+written as (select * from inserted union all select * from rewritten),
 walked as (
   insert into "pgfold"."crosswalk" (run, source, id, outcome, key, target_id, reason_code, reason_detail, winner, source_hash, target_hash, detail)
@@ -166,5 +176,6 @@
   union all
   select $1::bigint, 'web_guests', ("web_guests"."id")::text, 'filtered', null, null, 'where', null, null, hash_array_extended(array["web_guests"."id"::text, "web_guests"."mail"::text, "web_guests"."name"::text, "web_guests"."stay"::text, "web_guests"."card"::text]::text[] collate pg_catalog."C", 0), null, null
-    from "public"."web_guests" as "web_guests" where (($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid))) and not coalesce((true), false)
+    from "public"."web_guests" as "web_guests" where (($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid)) and ("web_guests"."id") in (select l.id::uuid from pgfold.late l where l.run = $1::bigint and l.source = 'web_guests')
+) and not coalesce((true), false)
   union all
   select $1::bigint, 'web_guests', ("web_guests"."id")::text, 'rejected', null, null, split_part(pgfold_raised, ' ', 1), nullif(substr(pgfold_raised, length(split_part(pgfold_raised, ' ', 1)) + 2), ''), null, hash_array_extended(array["web_guests"."id"::text, "web_guests"."mail"::text, "web_guests"."name"::text, "web_guests"."stay"::text, "web_guests"."card"::text]::text[] collate pg_catalog."C", 0), null, (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'name', "web_guests"."name", 'stay', "web_guests"."stay", 'card', "web_guests"."card")))
@@ -172,5 +183,6 @@
     -- the filter names the source's columns, and must not meet the ledger's
     cross join lateral (select v.reason from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.verdict = 'raises' and v.id = ("web_guests"."id")::text limit 1) pgfold_v(pgfold_raised)
-   where (($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid))) and coalesce((true), false) and not (select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.verdict = 'raises'))
+   where (($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid)) and ("web_guests"."id") in (select l.id::uuid from pgfold.late l where l.run = $1::bigint and l.source = 'web_guests')
+) and coalesce((true), false) and not (select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.verdict = 'raises'))
   returning outcome, target_id
 ),
@@ -184,5 +196,6 @@
 )
 select jsonb_build_object(
-  'read', (select count(*) from "public"."web_guests" as "web_guests" where ($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid))),
+  'read', (select count(*) from "public"."web_guests" as "web_guests" where ($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid)) and ("web_guests"."id") in (select l.id::uuid from pgfold.late l where l.run = $1::bigint and l.source = 'web_guests')
+),
   'inserted', count(*) filter (where outcome = 'inserted'),
   'merged', count(*) filter (where outcome = 'merged'),

-- 6/action/Settle/sources/1/moving/resolve
-- as 5/action/Move/resolve, but for:


-- 6/action/Settle/sources/1/moving/halve
-- one row: how many rows a range has, and where its lower half ends
select count(*) as rows, (array_agg(q.upto order by q.n))[greatest(count(*) / 2, 1)] as middle
  from (select to_jsonb(array[("web_guests"."id")::text]) as upto, row_number() over (order by "web_guests"."id") as n
          from "public"."web_guests" as "web_guests" where ($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid)) and ("web_guests"."id") in (select l.id::uuid from pgfold.late l where l.run = $1::bigint and l.source = 'web_guests')
) q

-- 6/action/Settle/sources/1/moving/reject_one
-- as 6/action/Settle/sources/0/moving/reject_one, but for:
@@ -2,16 +2,16 @@
 with refused as (
   insert into pgfold.reject (run, source, id, code, object, message, content)
-  select $1::bigint, 'old_guests', ("old_guests"."no")::text, $4::text, $5::text, $6::text, (jsonb_strip_nulls(jsonb_build_object('no', "old_guests"."no", 'mail', "old_guests"."mail", 'full_name', "old_guests"."full_name", 'house', "old_guests"."house", 'nights', "old_guests"."nights", 'born', "old_guests"."born", 'card', "old_guests"."card")))
-    from "public"."old_guests" as "old_guests" where ($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer)) and ("old_guests"."no") in (select l.id::integer from pgfold.late l where l.run = $1::bigint and l.source = 'old_guests')
+  select $1::bigint, 'web_guests', ("web_guests"."id")::text, $4::text, $5::text, $6::text, (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'name', "web_guests"."name", 'stay', "web_guests"."stay", 'card', "web_guests"."card")))
+    from "public"."web_guests" as "web_guests" where ($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid)) and ("web_guests"."id") in (select l.id::uuid from pgfold.late l where l.run = $1::bigint and l.source = 'web_guests')
 
   returning id
 ), walked as (
   insert into "pgfold"."crosswalk" (run, source, id, outcome, reason_code, reason_detail, source_hash, detail)
-  select $1::bigint, 'old_guests', ("old_guests"."no")::text, 'rejected', $4::text, $5::text, hash_array_extended(array["old_guests"."no"::text, "old_guests"."mail"::text, "old_guests"."full_name"::text, "old_guests"."house"::text, "old_guests"."nights"::text, "old_guests"."born"::text, "old_guests"."card"::text]::text[] collate pg_catalog."C", 0), (jsonb_strip_nulls(jsonb_build_object('no', "old_guests"."no", 'mail', "old_guests"."mail", 'full_name', "old_guests"."full_name", 'house', "old_guests"."house", 'nights', "old_guests"."nights", 'born', "old_guests"."born", 'card', "old_guests"."card")))
-    from "public"."old_guests" as "old_guests" where ($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer)) and ("old_guests"."no") in (select l.id::integer from pgfold.late l where l.run = $1::bigint and l.source = 'old_guests')
+  select $1::bigint, 'web_guests', ("web_guests"."id")::text, 'rejected', $4::text, $5::text, hash_array_extended(array["web_guests"."id"::text, "web_guests"."mail"::text, "web_guests"."name"::text, "web_guests"."stay"::text, "web_guests"."card"::text]::text[] collate pg_catalog."C", 0), (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'name', "web_guests"."name", 'stay', "web_guests"."stay", 'card', "web_guests"."card")))
+    from "public"."web_guests" as "web_guests" where ($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid)) and ("web_guests"."id") in (select l.id::uuid from pgfold.late l where l.run = $1::bigint and l.source = 'web_guests')
 
   returning id
 )
-select jsonb_build_object('read', (select count(*) from "public"."old_guests" as "old_guests" where ($2::text[] is null or ("old_guests"."no") > (($2::text[])[1]::integer)) and ($3::text[] is null or ("old_guests"."no") <= (($3::text[])[1]::integer)) and ("old_guests"."no") in (select l.id::integer from pgfold.late l where l.run = $1::bigint and l.source = 'old_guests')
+select jsonb_build_object('read', (select count(*) from "public"."web_guests" as "web_guests" where ($2::text[] is null or ("web_guests"."id") > (($2::text[])[1]::uuid)) and ($3::text[] is null or ("web_guests"."id") <= (($3::text[])[1]::uuid)) and ("web_guests"."id") in (select l.id::uuid from pgfold.late l where l.run = $1::bigint and l.source = 'web_guests')
 ), 'inserted', 0, 'merged', 0,
   'duplicate', 0, 'duplicate_in_source', 0, 'filtered', 0, 'rejected', (select count(*) from walked), 'unchanged', 0, 'pending', 0,

-- 6/action/Settle/claims
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

-- 6/action/Settle/keys
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
       select ((lower(mail))::text)::text as key from "public"."old_guests" as "old_guests" where ("old_guests"."no") in (select l.id::integer from pgfold.late l where l.run = $1::bigint and l.source = 'old_guests')
 and coalesce((true), false) and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.id = ("old_guests"."no")::text) is distinct from 'raises')
       union all
       select ((lower(mail))::text)::text as key from "public"."web_guests" as "web_guests" where ("web_guests"."id") in (select l.id::uuid from pgfold.late l where l.run = $1::bigint and l.source = 'web_guests')
 and coalesce((true), false) and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.id = ("web_guests"."id")::text) is distinct from 'raises')))
on conflict do nothing

-- 6/action/Settle/edited
-- rows that somebody edited in the target, or deleted there, are not written again: check 1 lists them; the others
-- stay as they are from here to the end
with locked as materialized (
  select pgfold_t."guest_id"::text as id, hash_array_extended(array["pgfold_t"."guest_id"::text, "pgfold_t"."mail"::text, "pgfold_t"."name"::text, "pgfold_t"."house"::text, "pgfold_t"."nights"::text, "pgfold_t"."born"::text, "pgfold_t"."card"::text, "pgfold_t"."rest"::text, "pgfold_t"."left_on"::text, "pgfold_t"."vip"::text]::text[] collate pg_catalog."C", 0) as hash
    from "public"."guests" as pgfold_t
   where pgfold_t."guest_id"::text in (
     select x.target_id from pgfold.crosswalk x join pgfold.late l on l.run = x.run and l.source = x.source and l.id = x.id
      where x.run = $1::bigint and x.outcome = 'inserted')
   order by pgfold_t."mail"
     for update of pgfold_t
)
delete from pgfold.late l using pgfold.crosswalk x left join locked k on k.id = x.target_id
 where l.run = $1::bigint and x.run = $1::bigint and x.source = l.source and x.id = l.id and x.outcome = 'inserted'
   and (k.id is null or k.hash is distinct from x.target_hash)

-- 6/action/Settle/back
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

-- 6/action/Settle/contest
-- as 3/action/Contest/sql, but for:
@@ -44,5 +44,6 @@
          case when coalesce(pg_column_size("old_guests"."no"), 0) + coalesce(pg_column_size("old_guests"."mail"), 0) + coalesce(pg_column_size("old_guests"."nights"), 0) + coalesce(pg_column_size("old_guests"."born"), 0) + 0 > 100000 then pg_column_size(jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'old_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('no', "old_guests"."no", 'mail', "old_guests"."mail", 'nights', "old_guests"."nights", 'born', "old_guests"."born"))))) end as pgfold_big
     from "public"."old_guests" as "old_guests"
-   where (true and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.id = ("old_guests"."no")::text) is distinct from 'raises')) and coalesce((true), false)
+   where (("old_guests"."no") in (select l.id::integer from pgfold.late l where l.run = $1::bigint and l.source = 'old_guests')
+ and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.id = ("old_guests"."no")::text) is distinct from 'raises')) and coalesce((true), false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -93,5 +94,6 @@
          case when coalesce(pg_column_size("web_guests"."id"), 0) + coalesce(pg_column_size("web_guests"."mail"), 0) + coalesce(pg_column_size("web_guests"."stay"), 0) + 0 > 100000 then pg_column_size(jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'web_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'stay', "web_guests"."stay"))))) end as pgfold_big
     from "public"."web_guests" as "web_guests"
-   where (true and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.id = ("web_guests"."id")::text) is distinct from 'raises')) and coalesce((true), false)
+   where (("web_guests"."id") in (select l.id::uuid from pgfold.late l where l.run = $1::bigint and l.source = 'web_guests')
+ and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.id = ("web_guests"."id")::text) is distinct from 'raises')) and coalesce((true), false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -169,5 +171,6 @@
          case when coalesce(pg_column_size("old_guests"."no"), 0) + coalesce(pg_column_size("old_guests"."mail"), 0) + coalesce(pg_column_size("old_guests"."nights"), 0) + coalesce(pg_column_size("old_guests"."born"), 0) + 0 > 100000 then pg_column_size(jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'old_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('no', "old_guests"."no", 'mail', "old_guests"."mail", 'nights', "old_guests"."nights", 'born', "old_guests"."born"))))) end as pgfold_big
     from "public"."old_guests" as "old_guests"
-   where (("old_guests"."no")::text in (select w.id from pgfold_twice w where w.place = 0) and (true and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.id = ("old_guests"."no")::text) is distinct from 'raises'))) and coalesce((true), false)
+   where (("old_guests"."no")::text in (select w.id from pgfold_twice w where w.place = 0) and (("old_guests"."no") in (select l.id::integer from pgfold.late l where l.run = $1::bigint and l.source = 'old_guests')
+ and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.id = ("old_guests"."no")::text) is distinct from 'raises'))) and coalesce((true), false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -181,5 +184,5 @@
               left join (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on st.id = q.pgfold_id
               left join (select pgfold_t.*, ("pgfold_t"."guest_id")::text as pgfold_tid, ("pgfold_t"."mail")::text as pgfold_tkey, coalesce((left_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."guests" pgfold_t where true
- and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."guest_id")::text)) h on h.pgfold_tkey = q.pgfold_key
+ and not (("pgfold_t"."guest_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null))) h on h.pgfold_tkey = q.pgfold_key
               -- a row whose target row went, and whose key another row holds by now, stands no more
               cross join lateral (select st.run is not null and (h.pgfold_tid is null or h.pgfold_tid = st.target_id) as standing) o
@@ -232,5 +235,6 @@
          case when coalesce(pg_column_size("web_guests"."id"), 0) + coalesce(pg_column_size("web_guests"."mail"), 0) + coalesce(pg_column_size("web_guests"."stay"), 0) + 0 > 100000 then pg_column_size(jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'web_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'stay', "web_guests"."stay"))))) end as pgfold_big
     from "public"."web_guests" as "web_guests"
-   where (("web_guests"."id")::text in (select w.id from pgfold_twice w where w.place = 1) and (true and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.id = ("web_guests"."id")::text) is distinct from 'raises'))) and coalesce((true), false)
+   where (("web_guests"."id")::text in (select w.id from pgfold_twice w where w.place = 1) and (("web_guests"."id") in (select l.id::uuid from pgfold.late l where l.run = $1::bigint and l.source = 'web_guests')
+ and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.id = ("web_guests"."id")::text) is distinct from 'raises'))) and coalesce((true), false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -244,5 +248,5 @@
               left join (select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false) st on st.id = q.pgfold_id
               left join (select pgfold_t.*, ("pgfold_t"."guest_id")::text as pgfold_tid, ("pgfold_t"."mail")::text as pgfold_tkey, coalesce((left_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."guests" pgfold_t where true
- and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."guest_id")::text)) h on h.pgfold_tkey = q.pgfold_key
+ and not (("pgfold_t"."guest_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null))) h on h.pgfold_tkey = q.pgfold_key
               -- a row whose target row went, and whose key another row holds by now, stands no more
               cross join lateral (select st.run is not null and (h.pgfold_tid is null or h.pgfold_tid = st.target_id) as standing) o
@@ -308,5 +312,6 @@
          case when coalesce(pg_column_size("old_guests"."no"), 0) + coalesce(pg_column_size("old_guests"."mail"), 0) + coalesce(pg_column_size("old_guests"."nights"), 0) + coalesce(pg_column_size("old_guests"."born"), 0) + 0 > 100000 then pg_column_size(jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'old_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('no', "old_guests"."no", 'mail', "old_guests"."mail", 'nights', "old_guests"."nights", 'born', "old_guests"."born"))))) end as pgfold_big
     from "public"."old_guests" as "old_guests"
-   where (true and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.id = ("old_guests"."no")::text) is distinct from 'raises')) and coalesce((true), false)
+   where (("old_guests"."no") in (select l.id::integer from pgfold.late l where l.run = $1::bigint and l.source = 'old_guests')
+ and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.id = ("old_guests"."no")::text) is distinct from 'raises')) and coalesce((true), false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -317,5 +322,5 @@
   offset 0
 ) q  where not exists (select from (select pgfold_t.*, ("pgfold_t"."guest_id")::text as pgfold_tid, ("pgfold_t"."mail")::text as pgfold_tkey, coalesce((left_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."guests" pgfold_t where true
- and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."guest_id")::text)) h where h.pgfold_tkey = q.pgfold_key) and not exists (select from pgfold_by_key k where k.source = 'old_guests' and k.id = q.pgfold_id)
+ and not (("pgfold_t"."guest_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null))) h where h.pgfold_tkey = q.pgfold_key) and not exists (select from pgfold_by_key k where k.source = 'old_guests' and k.id = q.pgfold_id)
 union all
 select 'web_guests'::text as source, q.pgfold_id as id, 1 as place, row_number() over (order by q.pgfold_w0, q.pgfold_i0) as rank, q.pgfold_u2 as entry, cardinality(q.pgfold_faults) = 0 as ok from (  -- a row is a source row as the target row it would become, with what is wrong with it
@@ -358,5 +363,6 @@
          case when coalesce(pg_column_size("web_guests"."id"), 0) + coalesce(pg_column_size("web_guests"."mail"), 0) + coalesce(pg_column_size("web_guests"."stay"), 0) + 0 > 100000 then pg_column_size(jsonb_build_object('legacy'::text, jsonb_build_object('pgfold_source', 'web_guests'::text) || (jsonb_strip_nulls(jsonb_build_object('id', ("web_guests"."id")::text, 'mail', "web_guests"."mail", 'stay', "web_guests"."stay"))))) end as pgfold_big
     from "public"."web_guests" as "web_guests"
-   where (true and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.id = ("web_guests"."id")::text) is distinct from 'raises')) and coalesce((true), false)
+   where (("web_guests"."id") in (select l.id::uuid from pgfold.late l where l.run = $1::bigint and l.source = 'web_guests')
+ and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.id = ("web_guests"."id")::text) is distinct from 'raises')) and coalesce((true), false)
   -- without it every mention of a value would be its expression again, worked out anew
   offset 0
@@ -367,5 +373,5 @@
   offset 0
 ) q  where not exists (select from (select pgfold_t.*, ("pgfold_t"."guest_id")::text as pgfold_tid, ("pgfold_t"."mail")::text as pgfold_tkey, coalesce((left_on is null), false) as pgfold_live, null::bigint as pgfold_thash from "public"."guests" pgfold_t where true
- and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ("pgfold_t"."guest_id")::text)) h where h.pgfold_tkey = q.pgfold_key) and not exists (select from pgfold_by_key k where k.source = 'web_guests' and k.id = q.pgfold_id)
+ and not (("pgfold_t"."guest_id")::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null))) h where h.pgfold_tkey = q.pgfold_key) and not exists (select from pgfold_by_key k where k.source = 'web_guests' and k.id = q.pgfold_id)
           ) c
          where c.entry is distinct from null and c.ok

-- 6/action/Settle/gone
-- one row: how many target rows of this run nobody wants any more, and how many of them are referred to
with wanted as materialized (
  select pgfold_t."guest_id"::text as id from (select ((lower(mail))::text)::text as key from "public"."old_guests" as "old_guests" where ("old_guests"."no") in (select l.id::integer from pgfold.late l where l.run = $1::bigint and l.source = 'old_guests')
 and coalesce((true), false) and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'old_guests' and v.id = ("old_guests"."no")::text) is distinct from 'raises')
       union all
       select ((lower(mail))::text)::text as key from "public"."web_guests" as "web_guests" where ("web_guests"."id") in (select l.id::uuid from pgfold.late l where l.run = $1::bigint and l.source = 'web_guests')
 and coalesce((true), false) and ((select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.verdict = 'raises')) or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = 'web_guests' and v.id = ("web_guests"."id")::text) is distinct from 'raises')) k join "public"."guests" pgfold_t on pgfold_t."mail"::text = k.key where $2::boolean
  union all
  select x.target_id from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id is not null
), unwanted as materialized (
  select l.target_id, l.revived from pgfold.late l
   where l.run = $1::bigint and l.target_id is not null and not exists (select from wanted w where w.id = l.target_id)
), referred as materialized (
  select null::text as id where false
)
select count(*) as rows, (select count(distinct r.id) from referred r) as referred,
       coalesce(jsonb_agg(u.target_id) filter (where not u.revived), '[]') as ids, coalesce(jsonb_agg(u.target_id) filter (where u.revived), '[]') as revived
  from unwanted u

-- 6/action/Settle/delete
delete from "public"."guests" as pgfold_t where pgfold_t."guest_id" = any ($1::text[]::bigint[])

-- 6/action/Settle/soft_delete
update "public"."guests" as pgfold_t set "left_on" = ((current_date)) where pgfold_t."guest_id" = any ($1::text[]::bigint[])


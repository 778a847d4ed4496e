//! Single statements, each as an enhancement: what it declares, what undoes it, and what must become of it.

/// What must become of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Becomes {
    /// Exit 3 before anything of it stays.
    Refused,
    /// Refused by the server, because no transaction may hold it.
    NotInTransaction,
    /// Done, and gone after a rollback at level schema.
    Done,
}

pub struct Statement {
    pub sql: &'static str,
    /// Lines of `[[enhancement]]`.
    pub declares: &'static str,
    pub down: Option<&'static str>,
    pub becomes: Becomes,
}

const fn refused(sql: &'static str) -> Statement {
    Statement { sql, declares: "", down: None, becomes: Becomes::Refused }
}

const fn refused_with(sql: &'static str, declares: &'static str) -> Statement {
    Statement { sql, declares, down: None, becomes: Becomes::Refused }
}

const fn done(sql: &'static str, declares: &'static str) -> Statement {
    Statement { sql, declares, down: None, becomes: Becomes::Done }
}

const fn undone_by(sql: &'static str, declares: &'static str, down: &'static str) -> Statement {
    Statement { sql, declares, down: Some(down), becomes: Becomes::Done }
}

const fn not_in_transaction(sql: &'static str) -> Statement {
    Statement { sql, declares: "", down: None, becomes: Becomes::NotInTransaction }
}

pub const STATEMENTS: &[Statement] = &[
    // columns of the target
    done("alter table items add column plan text", "adds.items = { plan = \"text\" }"),
    done("alter table items add column n int not null default 0", "adds.items = { n = \"int not null default 0\" }"),
    done("alter table items add column s serial", "adds.items = { s = \"int not null\" }"),
    done("alter table items add column g int generated always as identity", "adds.items = { g = \"int not null\" }"),
    done(
        "alter table items add column u text generated always as (upper(name)) stored",
        "adds.items = { u = \"text\" }",
    ),
    done(
        "alter table items add column r text references plans",
        "adds.items = { r = \"text\" }\ncreates = [\"constraint items_r_fkey on items\"]",
    ),
    done(
        "alter table items add column c int check (c > 0)",
        "adds.items = { c = \"int\" }\ncreates = [\"constraint items_c_check on items\"]",
    ),
    done(
        "alter table items add column q int unique",
        "adds.items = { q = \"int\" }\ncreates = [\"constraint items_q_key on items\"]",
    ),
    done("alter table items add column p text; update items set p = name", "adds.items = { p = \"text\" }"),
    done("alter table parent add column more text", "adds.parent = { more = \"text\" }"),
    refused("alter table items add column plan text"),
    refused("alter table items add column plan text, add column more text"),
    refused_with("alter table items add column plan text, add column more text", "adds.items = { plan = \"text\" }"),
    refused("alter table items drop column note"),
    refused_with("alter table items drop column note", "replaces = [\"column note of items\"]"),
    refused("alter table items rename column note to remark"),
    refused("alter table items alter column note type varchar(50)"),
    refused_with("alter table items alter column note type varchar(50)", "replaces = [\"column note of items\"]"),
    undone_by(
        "alter table items alter column note type varchar(50)",
        "replaces = [\"column note of items\"]",
        "alter table items alter column note type text",
    ),
    refused("alter table items alter column note set default 'x'"),
    done("alter table items alter column note set default 'x'", "replaces = [\"column note of items\"]"),
    done("alter table items alter column note drop default", "replaces = [\"column note of items\"]"),
    refused("alter table items alter column name drop not null"),
    done("alter table items alter column name drop not null", "replaces = [\"column name of items\"]"),
    done("alter table items alter column note set not null", "replaces = [\"column note of items\"]"),
    refused("alter table items alter column note set statistics 500"),
    done("alter table items alter column note set statistics 500", "replaces = [\"column note of items\"]"),
    refused("alter table items alter column note set storage external"),
    done("alter table items alter column note set storage external", "replaces = [\"column note of items\"]"),
    refused("alter table items alter column note set (n_distinct = 5)"),
    done("alter table items alter column note set (n_distinct = 5)", "replaces = [\"column note of items\"]"),
    refused("alter table items alter column note set compression pglz"),
    done("alter table items alter column note set compression pglz", "replaces = [\"column note of items\"]"),
    refused("alter table items alter column id drop identity"),
    refused("alter table items alter column id set generated always"),
    // the table itself
    refused("alter table settings set unlogged"),
    done("alter table settings set unlogged", "replaces = [\"table settings\"]"),
    refused("alter table items set (fillfactor = 70)"),
    done("alter table items set (fillfactor = 70)", "replaces = [\"table items\"]"),
    done("alter table events reset (fillfactor)", "replaces = [\"table events\"]"),
    undone_by(
        "alter table items set (toast.autovacuum_enabled = false)",
        "replaces = [\"table items\"]",
        "alter table items reset (toast.autovacuum_enabled)",
    ),
    refused_with("alter table items set (toast.autovacuum_enabled = false)", "replaces = [\"table items\"]"),
    refused("alter table items owner to enhance_reader"),
    done(
        "alter table settings owner to enhance_reader",
        "replaces = [\"table settings\", \"column value of settings\"]",
    ),
    refused("alter table items replica identity full"),
    done("alter table settings replica identity full", "replaces = [\"table settings\"]"),
    refused("alter table items enable row level security"),
    done("alter table items enable row level security", "replaces = [\"table items\"]"),
    done("alter table items force row level security", "replaces = [\"table items\"]"),
    refused("alter table items cluster on items_name"),
    refused("alter table items rename to things"),
    refused("alter table items set schema other"),
    refused("alter table kept inherit parent"),
    refused("alter table child no inherit parent"),
    refused("alter table items disable trigger items_stamp"),
    done("alter table items disable trigger items_stamp", "replaces = [\"trigger items_stamp on items\"]"),
    refused("alter table items disable trigger all"),
    refused("alter table kept disable rule kept_stays"),
    refused("alter table parts detach partition parts_1"),
    refused("create table parts_2 partition of parts for values from ('2027-01-01') to ('2028-01-01')"),
    done(
        "create table parts_2 partition of parts for values from ('2027-01-01') to ('2028-01-01')",
        "creates = [\"table parts_2\"]",
    ),
    // constraints
    refused("alter table items add constraint name_given check (name <> '')"),
    done(
        "alter table items add constraint name_given check (name <> '')",
        "creates = [\"constraint name_given on items\"]",
    ),
    done(
        "alter table items add constraint name_given check (name <> '') not valid",
        "creates = [\"constraint name_given on items\"]",
    ),
    done("alter table items add constraint one_name unique (name)", "creates = [\"constraint one_name on items\"]"),
    done(
        "alter table items add constraint to_plan foreign key (plan_code) references plans",
        "creates = [\"constraint to_plan on items\"]",
    ),
    refused("alter table items drop constraint items_price_check"),
    undone_by(
        "alter table items drop constraint items_price_check",
        "replaces = [\"constraint items_price_check on items\"]",
        "alter table items add constraint items_price_check check (price >= 0)",
    ),
    refused("alter table items rename constraint items_price_check to p"),
    refused("alter table events alter constraint events_item_id_fkey deferrable"),
    // indexes and statistics
    refused("create index items_price on items (price)"),
    done("create index items_price on items (price)", "creates = [\"index items_price\"]"),
    done("create unique index items_lower on items (lower(name)) where price > 0", "creates = [\"index items_lower\"]"),
    refused("drop index items_name"),
    undone_by("drop index items_name", "replaces = [\"index items_name\"]", "create index items_name on items (name)"),
    refused("alter index items_name rename to items_by_name"),
    refused("alter index items_name set (fillfactor = 60)"),
    done("alter index items_name set (fillfactor = 60)", "replaces = [\"index items_name\"]"),
    refused("create statistics more_stats on name, price from items"),
    refused("drop statistics items_stats"),
    refused("alter statistics items_stats set statistics 10"),
    // views
    refused("create view v as select 1 as one"),
    done("create view v as select 1 as one", "creates = [\"view v\"]"),
    done("create materialized view m as select 1 as one", "creates = [\"view m\"]"),
    refused("create or replace view item_list as select id, name, key from items"),
    done("create or replace view item_list as select id, name, key from items", "replaces = [\"view item_list\"]"),
    done(
        "alter table items add column shown text; create or replace view item_list as select id, name, shown from items",
        "adds.items = { shown = \"text\" }\nreplaces = [\"view item_list\"]",
    ),
    refused("drop view item_names"),
    undone_by(
        "drop view item_names",
        "replaces = [\"view item_names\"]",
        "create view item_names as select name from item_list; grant select on item_names to enhance_reader",
    ),
    refused("alter view item_list set (security_barrier = true)"),
    done("alter view item_list set (security_barrier = true)", "replaces = [\"view item_list\"]"),
    refused("refresh materialized view item_count"),
    refused("drop materialized view item_count"),
    // functions, procedures, triggers, rules, policies
    refused("create function f(int) returns int language sql as 'select 1'"),
    done("create function f(int) returns int language sql as 'select 1'", "creates = [\"function f(integer)\"]"),
    done(
        "create function g() returns void language sql begin atomic update plans set price = 1; insert into events (what) values ('made'); end",
        "creates = [\"function g()\"]",
    ),
    done("create procedure p() language sql as 'select 1'", "creates = [\"function p()\"]"),
    done("create aggregate total (int) (sfunc = int4pl, stype = int)", "creates = [\"function total(integer)\"]"),
    refused(
        "create or replace function label(i bigint) returns text language sql stable as 'select key from items where id = i'",
    ),
    done(
        "create or replace function label(i bigint) returns text language sql stable as 'select key from items where id = i'",
        "replaces = [\"function label(bigint)\"]",
    ),
    refused("alter function label(bigint) cost 5"),
    done("alter function label(bigint) cost 5", "replaces = [\"function label(bigint)\"]"),
    done("alter function label(bigint) security definer", "replaces = [\"function label(bigint)\"]"),
    refused("drop function other.touch()"),
    refused("create trigger t before insert on items for each row execute function stamp()"),
    done(
        "create trigger t before insert on items for each row execute function stamp()",
        "creates = [\"trigger t on items\"]",
    ),
    refused("drop trigger items_stamp on items"),
    refused("create rule no_update as on update to plans do instead nothing"),
    refused("drop rule kept_stays on kept"),
    refused("create policy p on items using (true)"),
    done("create policy p on items using (true)", "creates = [\"policy p on items\"]"),
    refused("alter policy plans_read on plans using (price > 0)"),
    done("alter policy plans_read on plans using (price > 0)", "replaces = [\"policy plans_read on plans\"]"),
    // types and sequences
    refused("create type t as enum ('a')"),
    done("create type t as enum ('a')", "creates = [\"type t\"]"),
    done("create domain d as int check (value > 0)", "creates = [\"type d\"]"),
    done("create type two as (a int, b text)", "creates = [\"type two\"]"),
    done("create type span as range (subtype = float8)", "creates = [\"type span\"]"),
    refused("alter type mood add value 'fair'"),
    refused_with("alter type mood add value 'fair'", "replaces = [\"type mood\"]"),
    refused("alter type mood rename value 'bad' to 'sad'"),
    refused("alter domain short drop constraint short_check"),
    undone_by(
        "alter domain short drop constraint short_check",
        "replaces = [\"type short\"]",
        "alter domain short add constraint short_check check (length(value) < 20)",
    ),
    refused("alter type pair add attribute c int"),
    undone_by("alter type pair add attribute c int", "replaces = [\"type pair\"]", "alter type pair drop attribute c"),
    refused("create sequence s"),
    done("create sequence s", "creates = [\"sequence s\"]"),
    refused("alter sequence loose increment by 10"),
    done("alter sequence loose increment by 10", "replaces = [\"sequence loose\"]"),
    refused("alter sequence items_id_seq increment by 10"),
    undone_by(
        "alter sequence loose owned by events.id",
        "replaces = [\"sequence loose\"]",
        "alter sequence loose owned by none",
    ),
    refused_with("alter sequence loose owned by events.id", "replaces = [\"sequence loose\"]"),
    refused("select setval('loose', 100)"),
    refused("select nextval('loose')"),
    refused("do $$ begin perform setval('loose', 100); end $$"),
    // privileges, comments, owners
    refused("grant select on items to public"),
    done("grant select on items to public", "replaces = [\"table items\"]"),
    refused("revoke select on plans from public"),
    done("revoke select on plans from public", "replaces = [\"table plans\"]"),
    refused("grant select (name) on items to enhance_reader"),
    done("grant select (name) on items to enhance_reader", "replaces = [\"column name of items\"]"),
    refused("revoke update (value) on settings from enhance_reader"),
    done("revoke update (value) on settings from enhance_reader", "replaces = [\"column value of settings\"]"),
    refused("grant execute on function label(bigint) to enhance_reader"),
    done("revoke execute on function label(bigint) from public", "replaces = [\"function label(bigint)\"]"),
    refused("grant usage on sequence loose to enhance_reader"),
    done("grant usage on sequence loose to enhance_reader", "replaces = [\"sequence loose\"]"),
    refused("grant usage on type mood to enhance_reader with grant option"),
    refused("grant create on schema public to enhance_reader"),
    refused("grant usage on schema other to enhance_reader"),
    refused("alter default privileges in schema public grant insert on tables to enhance_reader"),
    refused("comment on table items is 'changed'"),
    done("comment on table items is 'changed'", "replaces = [\"table items\"]"),
    done("comment on table items is null", "replaces = [\"table items\"]"),
    refused("comment on column items.name is null"),
    done("comment on column items.name is null", "replaces = [\"column name of items\"]"),
    refused("comment on function label(bigint) is null"),
    refused("comment on index items_name is 'by name'"),
    done("comment on index items_name is 'by name'", "replaces = [\"index items_name\"]"),
    refused("comment on constraint items_price_check on items is 'x'"),
    refused("comment on schema public is 'changed'"),
    refused("comment on database postgres is 'changed'"),
    refused("comment on role enhance_reader is 'changed'"),
    refused("comment on function pg_catalog.now() is 'changed'"),
    // rows
    refused("insert into plans (code) values ('silver')"),
    done("insert into plans (code) values ('silver')", "writes = { plans = [\"code\"] }"),
    refused("update settings set value = 'v2' where key = 'schema'"),
    done("update settings set value = 'v2' where key = 'schema'", "writes = { settings = [\"value\"] }"),
    refused_with("update plans set price = 1, label = 'x'", "writes = { plans = [\"price\"] }"),
    done("update plans set price = 1, label = 'x'", "writes = { plans = [\"price\", \"label\"] }"),
    done("update plans set code = 'gone' where code = 'gold'", "writes = { plans = [\"code\"] }"),
    refused("delete from settings where key = 'old_flag'"),
    done("delete from settings where key = 'old_flag'", "writes = { settings = [\"key\"] }"),
    refused("truncate events"),
    done("truncate events", "writes = { events = [\"what\"] }"),
    // the row that a rule keeps could not be taken back
    refused_with("insert into kept values (1)", "writes = { kept = [\"id\"] }"),
    refused("do $$ begin update settings set value = 'x'; end $$"),
    done("do $$ begin update settings set value = 'x'; end $$", "writes = { settings = [\"value\"] }"),
    refused("select write_setting()"),
    done("select write_setting()", "writes = { settings = [\"value\"] }"),
    refused("call reset_plans()"),
    refused("with gone as (delete from settings returning key) select count(*) from gone"),
    refused("update items set note = 'changed'"),
    done("update items set note = 'changed'", "writes = { items = [\"note\"] }"),
    refused("insert into other.things values (2, 2)"),
    done("insert into other.things values (2, 2)", "writes = { \"other.things\" = [\"x\"] }"),
    refused("do $$ begin execute 'truncate events'; end $$"),
    refused("update old set name = 'changed'"),
    refused_with("update old set name = 'changed'", "writes = { old = [\"name\"] }"),
    refused("drop table old"),
    // tables and schemas
    refused("create table n (a int)"),
    done("create table n (a int primary key)", "creates = [\"table n\"]"),
    done("create table n as select 1 as a", "creates = [\"table n\"]"),
    done("create table n (a int); grant select on n to public; comment on table n is 'x'", "creates = [\"table n\"]"),
    refused("create table other.n (a int)"),
    refused("alter table other.things add column y int"),
    refused("drop table events"),
    refused("create schema more"),
    refused("drop schema other cascade"),
    refused("alter schema other rename to others"),
    refused(
        "create extension if not exists btree_gist; create extension if not exists pgcrypto; create schema if not exists never",
    ),
    refused("alter publication items_pub add table plans"),
    refused("create publication more"),
    refused("drop publication items_pub"),
    refused("create cast (mood as text) with inout"),
    refused("create operator === (leftarg = int, rightarg = int, function = int4eq)"),
    refused("create collation c from \"C\""),
    refused("create text search configuration c (copy = pg_catalog.simple)"),
    refused("create foreign data wrapper w"),
    refused(
        "create function ended() returns event_trigger language plpgsql as $$ begin end $$; create event trigger e on ddl_command_end execute function ended()",
    ),
    // outside of the transaction
    refused("create role enhance_more"),
    refused("alter role enhance_reader set work_mem = '8MB'"),
    refused("do $$ begin execute 'alter role enhance_reader set work_mem = ''8MB'''; end $$"),
    refused("do $$ begin execute format('alter database %I set work_mem = ''8MB''', current_database()); end $$"),
    refused("grant pg_read_all_data to enhance_reader"),
    refused("select lo_create(0)"),
    refused("do $$ begin execute 'select lo_' || 'create(0)'; end $$"),
    refused("alter system set work_mem = '8MB'"),
    refused("create database more"),
    refused("copy items to '/tmp/never'"),
    refused("notify never"),
    not_in_transaction("create index concurrently items_price on items (price)"),
    not_in_transaction("reindex table concurrently items"),
];

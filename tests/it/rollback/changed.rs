//! What an enhancement replaced comes back as it was, and a target in partitions goes there and back.

use std::fs;

use super::{Case, same};
use crate::harness::{Database, Scratch, pgfold};

const BEFORE: &str = "
    do $$ begin create role pgfold_test_clerk; exception when duplicate_object then null; end $$;
    create table makers (id int primary key);
    create table goods (id int generated always as identity primary key, code text, name text not null, qty int default 1,
                        maker int, gone_at timestamptz, touched_at timestamptz);
    alter table goods add constraint goods_qty_check check (qty < 100);
    alter table goods add constraint goods_maker_fkey foreign key (maker) references makers not valid;
    comment on constraint goods_qty_check on goods is 'it''s little';
    create index goods_name_idx on goods (name) with (fillfactor = 70);
    comment on index goods_name_idx is 'by name';
    create function touch() returns trigger language plpgsql as 'begin new.touched_at = now(); return new; end';
    create trigger touch before update on goods for each row execute function touch();
    alter table goods enable always trigger touch;
    comment on trigger touch on goods is 'stamps';
    create function price(n int) returns int language sql stable security definer set search_path = public as 'select n';
    revoke all on function price(int) from public;
    grant execute on function price(int) to pgfold_test_clerk with grant option;
    comment on function price(int) is 'what it costs';
    create view shop with (security_barrier) as select id, name from goods;
    grant select (name) on shop to pgfold_test_clerk;
    grant update (id) on shop to pgfold_test_clerk with grant option;
    comment on column shop.name is 'as on the label';
    insert into goods (code, name) values ('OLD-1', 'was here'), (null, 'has no code');
    create table legacy (id int primary key, name text not null);
    insert into legacy select n, 'new ' || n from generate_series(1, 20) n;";

const FORWARD: &str = "
    create unique index goods_code_key on goods (code);
    alter table goods drop constraint goods_qty_check, add constraint goods_qty_check check (qty < 1000);
    alter table goods drop constraint goods_maker_fkey, add constraint goods_maker_fkey foreign key (maker) references makers on delete cascade;
    drop index goods_name_idx;
    create index goods_name_idx on goods (lower(name));
    drop trigger touch on goods;
    create trigger touch before update on goods for each row when (old.name is distinct from new.name) execute function touch();
    create or replace function price(n int) returns int language sql as 'select 2 * n';
    grant execute on function price(int) to public;
    create or replace view shop as select id, name, qty from goods;
    grant select on shop to public;";

fn manifest(creates: &str, replaces: &str) -> String {
    format!(
        "[target]\ntable = \"goods\"\nid = \"id\"\nkey = \"code\"\nexisting_key = \"'OLD#' || id\"\n\
         soft_delete = {{ set = {{ gone_at = \"now()\" }}, live = \"gone_at is null\" }}\nrequired = [\"name\"]\n\
         ignore_changes = [\"touched_at\"]\ntriggers = [\"touch\"]\n\n\
         [[enhancement]]\nfile = \"0001_all\"\ncreates = [{creates}]\nreplaces = [{replaces}]\n\n\
         [[source]]\ntable = \"legacy\"\nid = \"id\"\nkey = \"'L-' || id\"\nwinner = \"id\"\nwhere = \"true\"\n\n\
         [source.columns]\nname = \"name\"\n\n[source.ignore]\nid = \"it is in the key\"\n"
    )
}

fn case(scratch: &Scratch, before: &str, forward: &str, manifest: &str) -> Case {
    let folder = scratch.path().join("changed");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("consolidation.toml"), manifest).unwrap();
    fs::write(folder.join("0001_all.up.sql"), forward).unwrap();
    let database = Database::fresh();
    database.psql(before);
    let name = folder.display().to_string();
    Case { database, name, target: "goods", id: "id", key: "code", live: "gone_at is null", added: "{}" }
}

#[test]
fn replaced_constraints_indexes_triggers_functions_and_views_come_back_with_all_that_hangs_on_them() {
    let scratch = Scratch::new();
    let replaces = "\"constraint goods_qty_check on goods\", \"constraint goods_maker_fkey on goods\", \"index goods_name_idx\", \
                    \"trigger touch on goods\", \"function price(integer)\", \"view shop\"";
    let case = case(&scratch, BEFORE, FORWARD, &manifest("\"index goods_code_key\"", replaces));
    let before = case.state();
    // each of these is in the state that is compared, so that losing one is seen
    for part in [
        "pgfold_test_clerk=r*",
        "pgfold_test_clerk=X*",
        "it's little",
        "by name",
        "stamps",
        "as on the label",
        "NOT VALID",
    ] {
        let wanted = if part == "pgfold_test_clerk=r*" { "pgfold_test_clerk=w*" } else { part };
        assert!(before.contains(wanted), "{wanted} is not compared");
    }
    for again in 0..2 {
        case.apply();
        assert!(!case.state().contains("it's little"), "round {again}: nothing was replaced");
        case.rollback(&["--execute", "--level", "schema"]).expect(0);
        same(&case.state(), &before, &format!("round {again}"));
    }
}

#[test]
fn a_target_in_partitions_is_refused_with_the_reason_before_anything_is_written() {
    let before = |by: &str, primary: &str| {
        format!(
            "create table goods (id bigint generated by default as identity, code text, name text not null, gone_at timestamptz,
                                 touched_at timestamptz{primary}) partition by hash ({by});
             create table goods_0 partition of goods for values with (modulus 2, remainder 0);
             create table goods_1 partition of goods for values with (modulus 2, remainder 1);
             insert into goods (code, name) values ('OLD-1', 'was here');
             create table legacy (id int primary key, name text not null);
             insert into legacy select n, 'new ' || n from generate_series(1, 20) n;"
        )
    };
    let manifest = manifest("\"index goods_code_key\"", "").replace("triggers = [\"touch\"]\n", "");
    for (by, primary, words) in [
        ("code", "", "fold into a table without partitions"),
        // here the id is unique, and no key that is no partition key could be
        ("id", ", primary key (id)", "unique constraint on partitioned table must include all partitioning columns"),
    ] {
        let scratch = Scratch::new();
        let case =
            case(&scratch, &before(by, primary), "create unique index goods_code_key on goods (code);", &manifest);
        let state = case.state();
        let said = pgfold(&case.database, &["apply", &case.name, "--yes", "--quiet"]);
        assert_ne!(said.code, 0, "{}", said.stdout);
        assert!(said.stderr.contains(words), "{}", said.stderr);
        same(&case.state(), &state, by);
    }
}

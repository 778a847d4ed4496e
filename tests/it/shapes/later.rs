//! What a release changes between a run and what is asked of it later: columns, names, another consolidation of its name.

use super::{Lines, SOURCE, TARGET, case, written};
use crate::harness::Pgfold;

fn lines() -> Lines<'static> {
    Lines { target: "required = [\"name\"]", ..Lines::default() }
}

fn tables() -> String {
    format!("{TARGET}{SOURCE}")
}

#[test]
fn a_column_that_came_since_is_no_edit_of_the_rows_that_have_it() {
    let case = case(&tables(), &lines());
    case.pgfold(&["apply", "-y"]).expect(0);
    case.database.psql("alter table old_item add column flag int; alter table item add column shelf int default 5");
    case.pgfold(&["validate"]).expect(0);
    case.database.psql("update old_item set name = 'best of all' where id = 3");
    case.pgfold(&["migrate", "--changed", "-y"]).expect(0);
    let newest = "select string_agg(concat_ws(' ', id, outcome), ', ' order by id) from pgfold.crosswalk where run = 2";
    assert_eq!(case.value(newest), "1 unchanged, 2 unchanged, 3 merged");
    assert_eq!(case.value("select name from item where code = 'M-3'"), "best of all");
    // a value in it is one
    case.database.psql("update old_item set flag = 7 where id = 2");
    case.pgfold(&["validate"]).expect(5);
    case.pgfold(&["migrate", "--changed", "-y"]).expect(0);
    assert_eq!(case.value("select extra -> 'old' ->> 'flag' from item where code = 'M-2'"), "7");
    case.pgfold(&["validate"]).expect(0);
}

#[test]
fn an_edit_is_found_beside_a_column_that_came_since() {
    let case = case(&tables(), &lines());
    case.pgfold(&["apply", "-y"]).expect(0);
    case.database.psql(
        "alter table item add column shelf int; alter table old_item add column flag int;
         update item set name = 'edited' where code = 'M-1'; update item set name = 'edited, too' where code = 'I-1'",
    );
    let told = case.pgfold(&["validate"]).expect(5).stdout;
    assert!(told.contains("edited since the run began: 1"), "{told}");
    let refused = case.pgfold(&["rollback", "--level", "purge", "--execute", "-y"]).expect(4).stderr;
    assert!(refused.contains("1 rows were edited since the run: M-1"), "{refused}");
}

#[test]
fn what_a_column_that_came_since_holds_is_not_deleted_with_its_row_unasked() {
    let case = case(&tables(), &lines());
    case.pgfold(&["apply", "-y"]).expect(0);
    case.database.psql("alter table item add column shelf int default 5");
    let rehearsed = case.pgfold(&["rollback", "--level", "purge", "--rehearse"]).expect(0);
    assert!(rehearsed.stdout.contains('3'), "{}", rehearsed.stdout);
    case.database.psql("update item set shelf = 9 where code = 'M-2'");
    let refused = case.pgfold(&["rollback", "--level", "purge", "--execute", "-y"]).expect(4).stderr;
    assert!(refused.contains("1 rows hold values in the column shelf, which came since the run: M-2"), "{refused}");
    assert_eq!(case.value("select count(*) from item"), "4");
    case.pgfold(&["rollback", "--level", "purge", "--discard-edits", "--execute", "-y"]).expect(0);
    assert_eq!(case.value("select count(*) from item"), "1");
}

#[test]
fn a_column_of_another_name_is_told_before_and_by_the_rollback() {
    let case = case(&tables(), &lines());
    case.pgfold(&["apply", "-y"]).expect(0);
    case.database.psql("alter table item rename column name to title");
    let page = case.pgfold(&["status", "--rollback"]);
    assert!(page.stdout.contains("has no more, or under another name: `name`"), "{}{}", page.stdout, page.stderr);
    let refused = case.pgfold(&["rollback", "--level", "purge", "--execute", "-y"]).expect(4).stderr;
    assert!(refused.contains("the target has no more, or under another name: name"), "{refused}");
    let flag = refused.split_whitespace().skip_while(|w| *w != "--renamed").nth(1).unwrap();
    assert_eq!(flag, "name=title");
    let wrong =
        case.pgfold(&["rollback", "--level", "purge", "--renamed", "name=nowhere", "--execute", "-y"]).expect(4);
    assert!(wrong.stderr.contains("the target has no column nowhere"), "{}", wrong.stderr);
    assert!(case.pgfold(&["rollback", "--renamed", "title"]).stderr.contains("`--renamed title` is no OLD=NEW"));
    case.pgfold(&["rollback", "--level", "purge", "--renamed", flag, "--execute", "-y"]).expect(0);
    assert_eq!(case.value("select string_agg(title, ' ') from item"), "one of before");
}

#[test]
fn a_database_of_another_name_is_rolled_back_when_that_is_confirmed() {
    let case = case(&tables(), &lines());
    case.pgfold(&["apply", "-y"]).expect(0);
    let copy = case.database.cloned();
    let folder = case.folder.path().display().to_string();
    let back = |more: &[&str]| {
        let call = ["rollback", &folder, "--level", "purge", "--execute", "-y"];
        Pgfold::new(&copy).args(call).args(more).run()
    };
    let refused = back(&[]).expect(4).stderr;
    assert!(refused.contains("pgfold rollback --run 1 --level purge --renamed --execute"), "{refused}");
    assert_eq!(copy.value("select count(*) from item"), "4");
    back(&["--renamed"]).expect(0);
    assert_eq!(copy.value("select count(*) from item"), "1");
    assert_eq!(case.value("select count(*) from item"), "4");
}

#[test]
fn a_second_folder_of_the_same_name_with_another_target_is_refused() {
    let sql = format!(
        "{}create table thing (id bigint generated by default as identity primary key, code text unique, name text, extra jsonb);",
        tables()
    );
    let case = case(&sql, &lines());
    case.pgfold(&["apply", "-y"]).expect(0);
    let own = std::fs::read_to_string(case.folder.path().join("consolidation.toml")).unwrap();
    let name = case.folder.path().file_name().unwrap().to_owned();
    let elsewhere = crate::harness::Scratch::new();
    let second = elsewhere.path().join(name);
    std::fs::create_dir(&second).unwrap();
    std::fs::write(second.join("consolidation.toml"), own.replace("\"item\"", "\"thing\"")).unwrap();
    let refused = Pgfold::new(&case.database).args(["apply", second.to_str().unwrap(), "-y"]).run().expect(3);
    assert!(refused.stderr.contains("[name-taken]") || refused.stdout.contains("[name-taken]"), "{}", refused.stderr);
    assert_eq!(case.value("select count(*) from thing"), "0");
    // a copy of the folder finds its runs
    std::fs::write(second.join("consolidation.toml"), own).unwrap();
    Pgfold::new(&case.database).args(["validate", second.to_str().unwrap()]).run().expect(0);
}

#[test]
fn a_row_that_a_later_run_found_as_it_was_can_be_taken_back_alone() {
    let case = case(&tables(), &lines());
    case.pgfold(&["apply", "-y"]).expect(0);
    case.database.psql("insert into old_item values (4, 'late')");
    case.pgfold(&["migrate", "-y"]).expect(0);
    case.pgfold(&["rollback", "--run", "1", "--only", "M-1", "--level", "purge", "--execute", "-y"]).expect(0);
    assert_eq!(case.value("select string_agg(code, ' ' order by code) from item"), "I-1 M-2 M-3 M-4");
    case.pgfold(&["migrate", "-y"]).expect(0);
    assert_eq!(case.value("select count(*) from item where code = 'M-1'"), "1");
    case.pgfold(&["validate"]).expect(0);
}

#[test]
fn values_that_an_index_cannot_hold_are_named_before() {
    let tables = format!(
        "{TARGET}create index item_name on item (name);{SOURCE}
         insert into old_item select 4, string_agg(md5(i::text), '') from generate_series(1, 200) i;
         insert into old_item select 5, repeat('a', 9000)"
    );
    let case = case(&tables, &Lines { target: "max_rejects = 1", ..Lines::default() });
    let told = case.pgfold(&["doctor"]);
    let told = told.stdout + &told.stderr;
    assert!(told.contains("1 rows hold more than index item_name can"), "{told}");
    case.pgfold(&["apply", "-y"]).expect(0);
    assert_eq!(case.outcomes_by_id(), "1 inserted, 2 inserted, 3 inserted, 4 rejected, 5 inserted");
}

#[test]
fn an_enhancement_that_wrote_to_existing_rows_is_known_to_check_6_and_comes_back() {
    let manifest = "[target]\ntable = \"item\"\nkey = \"code\"\n[[enhancement]]\nfile = \"0001_names\"\nwrites = { item = [\"name\"] }\n\
         [[source]]\ntable = \"old_item\"\nkey = \"'M-' || id\"\nwinner = \"id\"\n[source.columns]\nname = \"name\"\n[source.unmapped]\ninto = \"extra\"\nunder = \"old\"\n";
    let case = written(&format!("{TARGET}insert into item (code, name) values ('I-2', 'two');{SOURCE}"), manifest);
    let before = case.value("select string_agg(item::text, ' ' order by id) from item");
    std::fs::write(
        case.folder.path().join("0001_names.up.sql"),
        "update item set name = upper(name) where code = 'I-1'; delete from item where code = 'I-2';\n",
    )
    .unwrap();
    case.pgfold(&["apply", "-y"]).expect(0);
    assert_eq!(
        case.value("select string_agg(name, ', ' order by code) from item where code like 'I%'"),
        "ONE OF BEFORE"
    );
    // beside what it declared an edit is one
    case.database.psql("update item set extra = '{}' where code = 'I-1'");
    case.pgfold(&["validate"]).expect(5);
    case.database.psql("update item set extra = null where code = 'I-1'");
    case.pgfold(&["validate"]).expect(0);
    case.pgfold(&["rollback", "--level", "schema", "--execute", "-y"]).expect(0);
    assert_eq!(case.value("select string_agg(item::text, ' ' order by id) from item"), before);
}

#[test]
fn rows_that_would_break_what_an_enhancement_brings_are_named_before() {
    let manifest = "[target]\ntable = \"item\"\nkey = \"code\"\n[[enhancement]]\nfile = \"0001_k\"\n\
         creates = [\"index item_name_u\", \"constraint item_price_ok on item\", \"constraint item_ref on item\"]\n\
         [[source]]\ntable = \"old_item\"\nkey = \"'M-' || id\"\nwinner = \"id\"\n[source.columns]\nname = \"name\"\n[source.unmapped]\ninto = \"extra\"\nunder = \"old\"\n";
    let case = written(
        &format!(
            "{TARGET}{SOURCE}create table kind (id int primary key); insert into kind values (1);
             alter table item add price int, add kind int;
             insert into item (code, name, price, kind) values ('I-2', 'one of before', -1, null), ('I-3', null, null, 7), ('I-4', null, 1, 1)"
        ),
        manifest,
    );
    std::fs::write(
        case.folder.path().join("0001_k.up.sql"),
        "create unique index item_name_u on item (name);\nalter table item add constraint item_price_ok check (price >= 0);\n\
         alter table item add constraint item_ref foreign key (kind) references kind (id);\n",
    )
    .unwrap();
    case.refuses(
        "rows-in-the-way",
        &[
            "2 rows that are there share a value; their ids: 1, 2",
            "constraint item_price_ok on public.item: 1 rows that are there break it; their ids: 2",
            "constraint item_ref on public.item: 1 rows that are there break it; their ids: 3",
        ],
    );
    case.database.psql("update item set name = code, price = 0, kind = null");
    case.pgfold(&["apply", "-y"]).expect(0);
}

/// One enhancement with this file, on a target whose rows have a price that it may not keep.
fn enhanced(declares: &str, up: &str) -> super::Case {
    let manifest = format!(
        "[target]\ntable = \"item\"\nkey = \"code\"\n[[enhancement]]\nfile = \"0001_k\"\n{declares}\n[[source]]\ntable = \"old_item\"\n\
         key = \"'M-' || id\"\nwinner = \"id\"\n[source.columns]\nname = \"name\"\n[source.unmapped]\ninto = \"extra\"\nunder = \"old\"\n"
    );
    let case =
        written(&format!("{TARGET}{SOURCE}alter table item add price int; update item set price = -1"), &manifest);
    std::fs::write(case.folder.path().join("0001_k.up.sql"), up).unwrap();
    case
}

#[test]
fn rows_that_nothing_checks_or_that_a_file_corrects_are_not_in_the_way() {
    let creates = "creates = [\"constraint item_price_ok on item\"]";
    let check = "alter table item add constraint item_price_ok check (price >= 0)";
    enhanced(creates, &format!("{check} not valid;\n")).pgfold(&["apply", "-y"]).expect(0);
    let corrected = enhanced(
        &format!("{creates}\nwrites = {{ item = [\"price\"] }}"),
        &format!("update item set price = 0 where price < 0; {check};\n"),
    );
    corrected.pgfold(&["apply", "-y"]).expect(0);
    corrected.pgfold(&["rollback", "--level", "schema", "--execute", "-y"]).expect(0);
    assert_eq!(corrected.value("select string_agg(price::text, ' ') from item"), "-1");
    // the other way round: what the file lifts must not be there again before its rows are as they were
    let lifted = enhanced(
        "replaces = [\"column price of item\"]\nwrites = { item = [\"price\"] }",
        "alter table item alter column price drop not null; update item set price = null;\n",
    );
    lifted.database.psql("alter table item alter column price set not null, alter column price set default 7");
    lifted.pgfold(&["apply", "-y"]).expect(0);
    lifted.pgfold(&["rollback", "--level", "schema", "--execute", "-y"]).expect(0);
    assert_eq!(lifted.value("select string_agg(price::text, ' ') from item"), "-1");
    let validated = format!("{check} not valid; alter table item validate constraint item_price_ok;\n");
    enhanced(creates, &validated).refuses("rows-in-the-way", &["1 rows that are there break it"]);
}

#[test]
fn a_foreign_key_to_a_table_that_is_not_there_is_told_before() {
    let up = "alter table item add constraint item_kind foreign key (price) references kinds (id);\n";
    let case = enhanced("creates = [\"constraint item_kind on item\"]", up);
    case.refuses("missing-table", &["a foreign key points to `kinds`, which is not there"]);
}

#[test]
fn a_foreign_key_in_a_block_or_to_a_name_that_needs_quotes_is_found_as_the_server_finds_it() {
    let adds = "alter table item add constraint item_kind foreign key (price) references";
    let run = |references: &str| {
        let up = references.replace("ADD", adds);
        let case = enhanced("creates = [\"constraint item_kind on item\"]", &up);
        case.database.psql(r#"create schema "My Own"; create table "My Own"."Kinds of" (id int primary key);"#);
        case.database
            .psql(r#"create table "Kinds" (id int primary key); alter table item alter column price drop not null"#);
        case.database.psql("update item set price = null");
        case
    };
    for there in [
        "ADD \"Kinds\" (id);\n",
        "ADD \"My Own\".\"Kinds of\" (id);\n",
        "do $$ begin ADD \"Kinds\" (id); raise notice 'references nothing'; end $$;\n",
        "do $$ begin execute 'ADD \"My Own\".\"Kinds of\" (id)'; end $$;\n",
    ] {
        run(there).pgfold(&["apply", "-y"]).expect(0);
    }
    for missing in [
        "ADD Kinds (id);\n",
        "do $$ begin ADD kinds (id); end $$;\n",
        "do $$ begin execute 'ADD kinds (id)'; end $$;\n",
    ] {
        run(missing).refuses("missing-table", &["a foreign key points to `kinds`, which is not there"]);
    }
}

#[test]
fn a_copied_folder_finds_its_runs_by_the_name_in_the_manifest() {
    let case = case(&tables(), &lines());
    case.pgfold(&["apply", "-y"]).expect(0);
    let copy = crate::harness::Scratch::new();
    let manifest = std::fs::read_to_string(case.folder.path().join("consolidation.toml")).unwrap();
    let file = copy.path().join("consolidation.toml");
    std::fs::write(&file, &manifest).unwrap();
    let folder = copy.path().display().to_string();
    let back = || Pgfold::new(&case.database).args(["rollback", &folder, "--level", "purge", "--execute", "-y"]).run();
    let refused = back().expect(4).stderr;
    let line = refused.lines().find_map(|l| l.split_once("at the top of its consolidation.toml: ")).unwrap().1;
    std::fs::write(&file, format!("{line}\n{manifest}")).unwrap();
    back().expect(0);
    assert_eq!(case.value("select count(*) from item"), "1");
    std::fs::write(&file, format!("name = \"../x\"\n{manifest}")).unwrap();
    assert!(back().expect(78).stderr.contains("`../x` is no name of a consolidation"));
}

//! What a rollback refuses, with which list, and what lifts each refusal.

use super::{Case, demo, library, same, script};
use crate::harness::Finished;

#[track_caller]
fn refused(case: &Case, more: &[&str], words: &[&str]) -> Finished {
    let before = case.state();
    let said = case.rollback(more).expect(4);
    for word in words {
        assert!(said.stderr.contains(word), "`{word}` is not said:\n{}", said.stderr);
    }
    same(&case.state(), &before, "a refused rollback");
    said
}

#[test]
fn edited_and_deleted_rows_are_listed_and_kept_until_told_otherwise() {
    let case = library();
    let before = case.state();
    case.apply();
    case.database.psql("update items set notes = 'mine now' where item_key = 'BOOK-B-2013'");
    refused(&case, &["--execute"], &["1 rows were edited", "BOOK-B-2013", "--discard-edits"]);
    case.database
        .psql("delete from item_shelves where item in (select item_id from items where item_key = 'BOOK-B-2014')");
    case.database.psql("delete from items where item_key = 'BOOK-B-2014'");
    refused(&case, &["--execute", "--level", "purge"], &["2 rows were edited", "BOOK-B-2014"]);
    case.rollback(&["--level", "schema", "--execute", "--discard-edits"]).expect(0);
    same(&case.state(), &before, "state");
}

#[test]
fn churn_is_no_edit() {
    let case = library();
    case.apply();
    case.database.psql("update items set times_lent = times_lent + 1 where item_key = 'BOOK-B-2013'");
    case.rollback(&["--execute"]).expect(0);
}

const REFERENCES: &str = "
    create table shelf_notes (id int primary key, item bigint references items on delete cascade);
    create table note_lines (id int primary key, note int references shelf_notes on delete cascade);
    create table wishes (id int primary key, item bigint references items on delete set null);
    insert into shelf_notes select 1, item_id from items where item_key = 'BOOK-B-2013';
    insert into note_lines values (1, 1), (2, 1);
    insert into wishes select 1, item_id from items where item_key = 'BOOK-B-2014';
    insert into loans (item_id, reader, due_on) select item_id, 'me', '2025-01-01' from items where item_key = 'BOOK-B-2015';
";

#[test]
fn rows_that_refer_to_the_run_are_found_however_far_and_go_only_when_told() {
    let case = library();
    case.apply();
    case.database.psql(REFERENCES);
    let words = [
        "5 rows refer",
        "2 of note_lines (delete)",
        "1 of shelf_notes (delete)",
        "1 of wishes (set null)",
        "1 of loans (delete)",
    ];
    refused(&case, &["--execute", "--level", "purge"], &words);
    case.rollback(&["--execute", "--level", "purge", "--drop-references"]).expect(0);
    let left = "select (select count(*) from shelf_notes), (select count(*) from note_lines), (select count(item) || '/' || count(*) from wishes)";
    assert_eq!(case.database.value(left), "0|0|0/1");
}

#[test]
fn a_row_that_was_there_before_is_never_deleted_with_what_it_refers_to() {
    let case = demo();
    case.apply();
    case.database.psql(
        "alter table agents drop constraint agents_parent_agent_id_fkey;
         alter table agents add constraint agents_parent_agent_id_fkey foreign key (parent_agent_id) references agents on delete cascade;
         update agents set parent_agent_id = (select id from agents where unique_id like 'DH_AGENT_%' limit 1)
          where id = (select id from agents where unique_id like 'AGENT_%' order by id limit 1)",
    );
    refused(&case, &["--execute", "--level", "purge", "--drop-references"], &["were there before refer"]);
}

#[test]
fn later_runs_that_build_on_this_one_are_named_and_taken_along_when_told() {
    let case = library();
    let before = case.state();
    case.apply();
    case.database
        .psql("insert into old_books (barcode, book_title, added) values ('B-9001', 'A Later History', '2024-01-01')");
    let applied = case.apply();
    refused(&case, &["--execute", "--run", "1"], &["later runs are built on this one: 2", "--with-later-runs"]);
    let file = script(&applied, 2, "rollback.sql");
    assert!(file.contains("run = 2"));
    case.rollback(&["--execute", "--run", "1", "--with-later-runs", "--level", "schema"]).expect(0);
    case.database.psql("delete from old_books where barcode = 'B-9001'; select setval('old_books_book_no_seq', 30)");
    same(&case.state(), &before, "state");
}

#[test]
fn a_column_that_holds_what_somebody_else_put_there_is_not_dropped() {
    let case = library();
    case.apply();
    case.database.psql("update shelves set is_open = false where mark = 'COOK'");
    refused(
        &case,
        &["--execute", "--level", "schema"],
        &["1 values of column is_open of public.shelves were not put there"],
    );
    case.database.psql("update shelves set is_open = true");
    case.database.psql("insert into item_shelves (item, shelf) select min(item_id), 8 from items where item_id < 9");
    refused(&case, &["--execute", "--level", "schema"], &["table public.item_shelves"]);
    case.rollback(&["--execute", "--level", "purge"]).expect(0);
}

#[test]
fn another_database_refuses_the_script() {
    let case = library();
    let applied = case.apply();
    let other = case.database.cloned();
    let said = other.try_psql(&script(&applied, 1, "rollback.sql")).unwrap_err();
    assert!(said.contains("the run was done in the database") && said.contains("--renamed"), "{said}");
}

#[test]
fn only_the_named_keys_go_and_come_back_with_their_ids() {
    let case = demo();
    case.apply();
    let (ids, rows) = (case.ids(), case.rows("true"));
    let two = case.database.psql("select unique_id from agents where unique_id like 'DH_AGENT_%' order by 1 limit 2");
    let keys: Vec<&str> = two.lines().collect();
    for level in ["rows", "purge"] {
        let mut call = vec!["--execute", "--level", level, "--only"];
        call.extend(&keys);
        case.rollback(&call).expect(0);
        let live =
            format!("select count(*) from agents where deleted_at is null and unique_id in ('{}')", keys.join("','"));
        assert_eq!(case.database.value(&live), "0");
        assert_eq!(case.database.value("select count(*) from pgfold.run where undone_level is null and run = 1"), "1");
        // a second time nothing is left to do
        case.rollback(&call).expect(0);
        case.apply();
        same(&case.ids(), &ids, level);
        same(&case.rows("true"), &rows, level);
    }
    case.rollback(&["--only", "DH_AGENT_NOBODY"]).expect(64);
    case.rollback(&["--only", keys[0], "--level", "schema"]).expect(64);
}

#[test]
fn one_source_goes_and_the_whole_run_after_it() {
    let case = demo();
    let before = case.state();
    case.apply();
    case.rollback(&["--execute", "--source", "ai_agents"]).expect(0);
    let live = "select count(*) filter (where unique_id like 'AI_AGENT_%'), count(*) filter (where unique_id like 'DH_AGENT_%') > 0
                  from agents where deleted_at is null";
    assert_eq!(case.database.value(live), "0|t");
    case.rollback(&["--execute", "--level", "schema"]).expect(0);
    same(&case.state(), &before, "state");
}

#[test]
fn a_rehearsal_says_what_it_did_and_leaves_nothing() {
    let case = library();
    case.apply();
    let before = case.state();
    let ledger = "select count(*), max(undone_level) from pgfold.run";
    let runs = case.database.value(ledger);
    for level in ["rows", "purge", "schema"] {
        let said = case.rollback(&["--rehearse", "--level", level]).expect(0);
        assert!(said.stdout.contains("everything is as it was"), "{}", said.stdout);
        assert!(
            said.stdout.contains(if level == "rows" { "41 soft-deleted" } else { "41 deleted" }),
            "{}",
            said.stdout
        );
        same(&case.state(), &before, level);
        assert_eq!(case.database.value(ledger), runs);
    }
    assert_eq!(case.database.value("select rehearsed ->> 'level' from pgfold.run"), "schema");
}

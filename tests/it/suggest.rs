//! A contract that does not hold comes with what would make it hold: names, statements, a diff that nobody applied.

use std::path::Path;
use std::process::Command;

use super::ground::{library, testdata};
use super::harness::{Database, Scratch, copy, pgfold};

/// The library's consolidation with parts of its manifest written otherwise.
fn library_with(changes: &[(&str, &str)]) -> Scratch {
    let folder = Scratch::new();
    copy(testdata("library"), folder.path());
    let file = folder.path().join("consolidation.toml");
    let mut text = std::fs::read_to_string(&file).unwrap();
    for (right, wrong) in changes {
        assert!(text.contains(right), "{right} is not in the manifest");
        text = text.replacen(right, wrong, 1);
    }
    std::fs::write(file, text).unwrap();
    folder
}

#[test]
fn the_suggested_diff_makes_the_contract_hold() {
    let folder = library_with(&[
        ("title         = \"book_title\"", "titel         = \"booktitle\""),
        ("ignore_changes     = [\"times_lent\"", "ignore_changes     = [\"times_lend\""),
        ("{ from = \"cover\"", "{ from = \"kover\""),
        ("winner       = \"added desc", "winner       = \"aded desc"),
        ("into  = \"extra\"\nunder = \"old_book\"", "into  = \"extras\"\nunder = \"old_book\""),
        ("table        = \"archive_stock\"\noptional     = true", "table        = \"archiv_stock\""),
        ("archive_stock = [1, 22]", "archiv_stock = [1, 22]"),
        ("code = \"mark\"", "code = \"marks\""),
        ("file_sum =", "filesum ="),
        ("from = \"notes\"", "from = \"note\""),
    ]);
    let database = library();
    let path = folder.path().display().to_string();
    let file = folder.path().join("fix.diff");
    let before =
        (database.whole_schema_dump(), std::fs::read_to_string(folder.path().join("consolidation.toml")).unwrap());
    let refused = pgfold(&database, &["doctor", &path, "--suggest", &file.display().to_string()]).expect(3);
    assert!(refused.stderr.contains("corrects 10 names"), "{}", refused.stderr);
    let now = std::fs::read_to_string(folder.path().join("consolidation.toml")).unwrap();
    assert_eq!((database.whole_schema_dump(), now), before);
    let patched = Command::new("patch").args(["-p1", "-i", "fix.diff"]).current_dir(folder.path()).output().unwrap();
    assert!(patched.status.success(), "{}", String::from_utf8_lossy(&patched.stdout));
    let held = pgfold(&database, &["migrate", &path, "--dry-run", "--suggest", "none.diff"]).expect(0);
    assert!(held.stderr.contains("nothing to suggest: the contract holds"), "{}", held.stderr);
    assert!(!held.cwd().join("none.diff").exists());
    let whole = std::fs::read_to_string(folder.path().join("consolidation.toml")).unwrap();
    let original = std::fs::read_to_string(Path::new(&testdata("library")).join("consolidation.toml")).unwrap();
    assert_eq!(whole, original.replacen("\"archive_stock\"\noptional     = true", "\"archive_stock\"", 1));
}

#[test]
fn what_is_missing_comes_with_the_statement_that_creates_it() {
    let folder = library_with(&[
        ("author        = \"writer\"", "author        = \"unaccent(writer)\""),
        ("notes         = \"remarks\"", "notes         = \"tidy_up(remarks)\""),
        ("is_open = \"boolean not null", "is_open = \"boolean\", spot = \"ltree\", more = \"boolean not null"),
        ("table = \"shelves\", id", "table = \"signs_of_shelves\", id"),
    ]);
    let database = library();
    let path = folder.path().display().to_string();
    let refused = pgfold(&database, &["doctor", &path]).expect(3);
    for told in [
        "create extension if not exists \"unaccent\"",
        "create function tidy_up(text) returns",
        "create extension if not exists \"ltree\"",
        "create table \"public\".\"signs_of_shelves\" (\"shelf_id\"",
    ] {
        assert!(refused.stdout.contains(told), "`{told}` is not in:\n{}\n{}", refused.stdout, refused.stderr);
    }
    let created: Vec<&str> = refused.stdout.lines().filter_map(|l| Some(&l[l.find("create table")?..])).collect();
    assert!(!created.is_empty());
    created.iter().for_each(|sql| drop(database.psql(sql)));
}

const SHAPES: &str =
    "create table items (id bigint generated always as identity primary key, item_key text, name text);
    create index items_key on items (item_key);
    create table links (a bigint, b text);
    create function f(int) returns int language sql as 'select 1';
    create type mood as enum ('ok', 'bad');
    create function touch() returns trigger language plpgsql as 'begin return new; end';
    create trigger t before update on items for each row execute function touch();
    alter table items add constraint named unique (name);
    create table old_items (no int primary key, name text);";
const SHAPED: &str = "[target]\ntable = \"items\"\nkey = \"item_key\"\n\n[[enhancement]]\nfile = \"0001_key\"\ncreates = [\"index items_key\", \"table links\", \"function f(integer)\", \"type mood\", \"trigger t on items\", \"constraint named on items\"]\n
[[source]]\ntable = \"old_items\"\nid = \"no\"\nkey = \"'K' || no\"\nwinner = \"no\"\n[source.columns]\nname = \"name\"\n[source.ignore]\nno = \"in the key\"\n";

#[test]
fn what_is_there_in_another_shape_is_refused_and_in_the_same_is_not() {
    let call = |up: &str| {
        let folder = Scratch::new();
        std::fs::write(folder.path().join("consolidation.toml"), SHAPED).unwrap();
        std::fs::write(folder.path().join("0001_key.up.sql"), up).unwrap();
        let database = Database::from_sql("shapes", &[SHAPES]);
        pgfold(&database, &["doctor", &folder.path().display().to_string()])
    };
    let refused = call(
        "create unique index if not exists items_key on items (item_key);
         create table if not exists links (a bigint, b text[], c int);
         create or replace function f(int) returns int language sql as $$ select 2 $$;
         create type mood as enum ('ok', 'good');
         create trigger t before update on items for each row execute function other();
         alter table items add constraint named unique (item_key);",
    )
    .expect(3);
    for told in [
        "it is not unique, the file's is unique",
        "its column `b` is text, the file's is text[]",
        "its values are ok,bad, the file's are ok,good",
        "it calls `touch`, the file's calls `other`",
        "it is `unique (name)`, the file makes it `unique (item_key)`",
    ] {
        assert!(refused.stdout.contains(told), "`{told}` is not in:\n{}", refused.stdout);
    }
    let same = call(
        "create index if not exists items_key on items using btree (item_key);
         create table if not exists links (a int8, b text);
         create type mood as enum ('ok', 'bad');
         create trigger t before update on items for each row execute function touch();
         alter table items add constraint named unique (name);",
    );
    assert!(!same.stdout.contains("other-shape"), "{}", same.stdout);
}

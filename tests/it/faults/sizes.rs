//! How batches are cut, and what becomes of the others when one after the other fails.

use std::fs;

use super::{call, demo, resume, state};
use crate::harness::{Database, Pgfold, Scratch};

/// Old notes that fold into notes.
const MANIFEST: &str = "[target]\ntable = \"notes\"\nkey = \"note_key\"\n[[source]]\ntable = \"old_notes\"\nid = \"no\"\n\
     key = \"'N' || no\"\nwinner = \"no\"\n[source.columns]\nbody = \"body\"\nfacts = \"facts\"\n[source.ignore]\nno = \"in the key\"\n";

/// Rows by the SQL for their text and their facts, over `n`.
fn notes(rows: u32, body: &str, facts: &str) -> (Database, Scratch) {
    let database = Database::fresh();
    database.psql(&format!(
        "create table notes (id bigint generated always as identity primary key, note_key text not null unique, body text, facts jsonb);
         create table old_notes (no bigint primary key, body text, facts jsonb);
         insert into old_notes select n, {body}, {facts} from generate_series(1, {rows}) n"
    ));
    let folder = Scratch::new();
    fs::write(folder.path().join("consolidation.toml"), MANIFEST).unwrap();
    (database, folder)
}

/// Batches, the rows and the kilobytes of the largest, and how many rows came over.
fn batches(database: &Database) -> Vec<u64> {
    let told = database.value(
        "select concat_ws(' ', count(*), max(b.read), max(k.kb), sum(b.inserted)) from pgfold.batch b, lateral (
           select sum(octet_length(o.body) + coalesce(octet_length(o.facts::text), 0)) / 1024 as kb from old_notes o
            where (b.above is null or o.no > b.above[1]::bigint) and (b.upto is null or o.no <= b.upto[1]::bigint)) k",
    );
    told.split(' ').map(|n| n.parse().unwrap()).collect()
}

fn migrated(rows: u32, body: &str, facts: &str) -> Vec<u64> {
    let (database, folder) = notes(rows, body, facts);
    call(&database.url(), &["migrate", folder.path().to_str().unwrap(), "--yes"]).expect(0);
    let batches = batches(&database);
    assert_eq!(batches[3], u64::from(rows));
    batches
}

#[test]
fn wide_rows_are_cut_into_batches_by_their_bytes() {
    // 40 MB in all, whether they compress or not
    for body in ["repeat('x', 10000)", "(select string_agg(md5(n::text || i), '') from generate_series(1, 312) i)"] {
        let told = migrated(4000, body, "jsonb_build_object('n', n)");
        assert!(told[0] >= 3 && told[0] < 40, "{told:?}");
        assert!(told[2] <= 17 * 1024, "{told:?}");
    }
}

#[test]
fn a_few_wide_rows_among_many_narrow_ones_are_seen() {
    // the first 6000 rows are small, 2000 behind them have 9 kB each in a column of another type
    let facts = "case when n <= 6000 then '{}' else jsonb_build_object('x', (select string_agg(md5(n::text || i), '') from generate_series(1, 290) i)) end";
    let told = migrated(8000, "'short'", facts);
    assert!(told[2] <= 17 * 1024, "{told:?}");
    assert!(told[0] <= 4, "narrow rows were cut, too: {told:?}");
}

#[test]
fn narrow_rows_are_cut_by_their_number() {
    let told = migrated(25_000, "'short'", "null");
    // the first one at least: what comes behind a slow one is halved
    assert!(told[0] >= 3 && told[1] == 10_000, "{told:?}");
}

/// Each note of a batch fails until so many tries were made; counts those that met another one on the way.
const FAILING: &str = "
    create sequence tries; create sequence meetings; create sequence early;
    create function failing() returns trigger language plpgsql as $$
    begin
      if nextval('public.tries') > {LAST} then return new; end if;
      if not pg_try_advisory_lock(4711) then
        perform nextval(case when currval('public.tries') <= {FIRST} then 'public.early' else 'public.meetings' end);
      else
        perform pg_sleep(0.1);
        perform pg_advisory_unlock(4711);
      end if;
      raise exception 'not now' using errcode = '40001';
    end $$;
    create trigger failing before update on pgfold.batch for each row execute function failing();";

fn failing(database: &Database, first: u32, last: u32) {
    call(&database.url(), &["enhance", super::consolidation(), "--yes"]).expect(0);
    database.psql(&FAILING.replace("{FIRST}", &first.to_string()).replace("{LAST}", &last.to_string()));
}

fn count(database: &Database, sequence: &str) -> u32 {
    database.value(&format!("select case when is_called then last_value else 0 end from {sequence}")).parse().unwrap()
}

const EIGHT: [&str; 9] =
    ["migrate", "CONSOLIDATION", "--yes", "--batch-rows", "2", "--workers", "8", "--attempts", "9"];

fn by_eight(database: &Database, attempts: &str) -> Pgfold {
    let mut arguments = EIGHT;
    (arguments[1], arguments[8]) = (super::consolidation(), attempts);
    Pgfold::new(database).args(arguments)
}

#[test]
fn after_five_failures_in_a_row_one_worker_tries_and_the_others_wait() {
    let database = demo();
    // all eight are under way when the fifth fails
    failing(&database, 12, 14);
    by_eight(&database, "20").run().expect(0);
    assert!(count(&database, "tries") > 14);
    assert!(count(&database, "early") > 0, "eight workers never met");
    assert_eq!(count(&database, "meetings"), 0, "two tried although one should");
    assert_eq!(database.psql(state::ONCE), "");
}

#[test]
fn where_the_one_that_tries_fails_the_others_do_not_try_again() {
    let database = demo();
    failing(&database, 12, 1_000_000);
    let stopped = by_eight(&database, "4").run().expect(8);
    assert!(stopped.stderr.contains("not now"), "{}", stopped.stderr);
    assert!(stopped.stderr.contains("pgfold resume"), "{}", stopped.stderr);
    // four that failed, eight on their way meanwhile, and the rest of one
    let tries = count(&database, "tries");
    assert!(tries <= 4 + 8 + 4, "{tries} tries");
    assert_eq!(count(&database, "meetings"), 0);
    assert_eq!(database.value("select count(*) from pgfold.batch where committed_at is not null"), "0");
    database.psql("drop trigger failing on pgfold.batch; drop function failing()");
    call(&database.url(), &resume()).expect(0);
    assert_eq!(database.psql(state::ONCE), "");
}

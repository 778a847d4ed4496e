//! The harness itself: its digests see what they must see, and nothing else.

use std::thread;

use super::{Database, Pgfold, Scratch, pgfold};

const TABLES: &str = r#"
    create table t (id int generated always as identity primary key, name text, at timestamptz default now());
    insert into t (name) select 'row ' || i from generate_series(1, 100) as i;
    create table "Odd ""name" (t text);
    insert into "Odd ""name" values ('one');
    create table empty (a int);
    create view v as select * from t;
    create schema pgfold;
    create table pgfold.run (id int);
"#;

fn shop() -> Database {
    Database::from_sql("shop", &[TABLES])
}

#[test]
fn a_clone_has_the_digests_of_its_origin() {
    let (one, other) = (shop(), shop());
    let clone = one.cloned();
    for database in [&other, &clone] {
        assert_eq!(database.rows_digest(), one.rows_digest());
        assert_eq!(database.structure_digest(), one.structure_digest());
        assert_eq!(database.schema_dump(), one.schema_dump());
        assert_ne!(database.name(), one.name());
    }
    assert_eq!(one.rows_digest().lines().count(), 4, "{}", one.rows_digest());
}

#[test]
fn each_change_of_a_row_or_sequence_changes_the_rows_digest() {
    for change in [
        "update t set name = 'other' where id = 1",
        "update t set name = null where id = 1",
        "delete from t where id = 1",
        "insert into empty values (null)",
        "update \"Odd \"\"name\" set t = 'two'",
        "select nextval('t_id_seq')",
        "select setval('t_id_seq', 100, false)",
        "create table further ()",
    ] {
        let database = shop();
        let before = database.rows_digest();
        database.psql(change);
        assert_ne!(database.rows_digest(), before, "{change}");
    }
}

#[test]
fn the_order_of_rows_and_our_own_schema_do_not_count() {
    let database = shop();
    let before = (database.rows_digest(), database.structure_digest(), database.schema_dump());
    let whole = database.whole_schema_dump();
    database.psql("update t set at = at where id < 50; vacuum full t; insert into pgfold.run values (1)");
    database.psql("create index on pgfold.run (id); grant select on pgfold.run to public");
    assert_eq!((database.rows_digest(), database.structure_digest(), database.schema_dump()), before);
    assert_ne!(database.whole_schema_dump(), whole);
}

#[test]
fn each_change_of_structure_changes_the_structure_digest() {
    for change in [
        "create index on t (name)",
        "update pg_index set indisvalid = false where indexrelid = 't_pkey'::regclass",
        "alter table t disable trigger guard",
        "alter table t enable always trigger guard",
        "grant select on t to public",
        "grant update (name) on t to public",
        "revoke execute on function eat() from public",
        "grant usage on schema public to pg_monitor",
        "alter table t enable row level security",
        "create policy p on t using (true)",
        "comment on column t.name is 'a comment'",
        "comment on trigger guard on t is 'a comment'",
        "alter table t owner to pg_monitor",
        "alter table t add constraint c check (id > 0) not valid",
        "alter view v set (security_barrier = true)",
        "alter default privileges grant select on tables to public",
    ] {
        let database = Database::from_sql(
            "guarded shop",
            &[
                TABLES,
                "create function eat() returns trigger language plpgsql as 'begin return null; end';
                 create trigger guard before delete on t for each row execute function eat();",
            ],
        );
        let before = database.structure_digest();
        database.psql(change);
        assert_ne!(database.structure_digest(), before, "{change}");
    }
}

#[test]
fn granting_and_revoking_leaves_the_digest_as_it_was() {
    let database = shop();
    let before = database.structure_digest();
    database.psql("grant select on t to public; revoke select on t from public");
    database.psql("comment on table t is 'x'; comment on table t is null");
    assert_eq!(database.structure_digest(), before);
}

#[test]
fn psql_tells_its_errors_and_its_values() {
    let database = Database::fresh();
    assert_eq!(database.value("select 'a b'"), "a b");
    assert_eq!(database.psql("select 1; select 2, 3"), "1\n2|3\n");
    assert!(database.try_psql("select 1/0; select 2").unwrap_err().contains("division by zero"));
    let long = format!("select '{}'", "x".repeat(1_000_000));
    assert_eq!(database.value(&long).len(), 1_000_000);
}

#[test]
fn a_database_goes_even_while_somebody_is_connected() {
    let database = Database::fresh();
    let (url, name) = (database.url(), database.name().to_owned());
    let waiting = thread::spawn(move || {
        let mut psql = super::cluster().programs().command("psql");
        psql.args(["-X", "-d", &url, "-c", "select pg_sleep(60)"]).output().unwrap()
    });
    let connected = "select count(*) from pg_stat_activity where query ~ '^select pg_sleep' and datname = ";
    database.until(&format!("{connected} current_database()"));
    drop(database);
    assert!(!waiting.join().unwrap().status.success());
    let there = Database::fresh().value(&format!("select count(*) from pg_database where datname = '{name}'"));
    assert_eq!(there, "0");
}

#[test]
fn the_program_runs_apart_from_its_surroundings() {
    let database = Database::fresh();
    let finished = pgfold(&database, &["--version"]).expect(0);
    assert!(finished.cwd().is_dir());
    let scratch = Scratch::new();
    let call = Pgfold::without_database().args(["--version"]).env("NO_COLOR", "1").cwd(scratch.path()).stdin("yes\n");
    assert_eq!(call.run().expect(0).code, 0);
}

#[test]
fn a_killed_program_says_so() {
    // a receiver of notifications that never answers keeps it alive
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://nobody@127.0.0.1:{}/nowhere", silent.local_addr().unwrap().port());
    let started = Pgfold::without_database().env("DATABASE_URL", url).args(["status"]).start();
    assert!(started.pid() > 1);
    silent.accept().unwrap();
    assert_eq!(started.kill().code, 137);
}

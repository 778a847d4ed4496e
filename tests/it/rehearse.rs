//! A rehearsal does what a run does, says what it took, and leaves nothing behind.

use serde_json::Value;

use super::ground::{json, legacy, source};
use super::harness::{Database, Pgfold, Scratch, pgfold};

const SHOP: &str =
    "create table items (id bigint generated always as identity primary key, item_key text unique, name varchar(20));
    insert into items (item_key, name) values ('K0', 'there');
    create table old_items (no int primary key, name text);
    insert into old_items values (1, 'one'), (2, 'two');";
const MANIFEST: &str = "[target]\ntable = \"items\"\nkey = \"item_key\"\n\n[[enhancement]]\nfile = \"0001_note\"\nadds.items = { note = \"text\" }\n
[[source]]\ntable = \"old_items\"\nid = \"no\"\nkey = \"'K' || no\"\nwinner = \"no\"\n[source.columns]\nname = \"name\"\n[source.ignore]\nno = \"in the key\"\n";

/// A consolidation whose one enhancement is this script.
fn shop(script: &str) -> (Scratch, Database) {
    let folder = Scratch::new();
    std::fs::write(folder.path().join("consolidation.toml"), MANIFEST).unwrap();
    std::fs::write(folder.path().join("0001_note.up.sql"), script).unwrap();
    (folder, Database::from_sql("rehearse", &[SHOP]))
}

/// Everything but where sequences stand.
fn all_of(database: &Database) -> String {
    let rows = database.rows_digest();
    let rows: Vec<&str> = rows.lines().filter(|l| !l.contains("_seq")).collect();
    format!("{}{}{}", database.whole_schema_dump(), database.structure_digest(), rows.join("\n"))
}

fn outcomes(sources: &Value) -> Vec<String> {
    sources.as_array().unwrap().iter().map(ToString::to_string).collect()
}

#[test]
fn a_rehearsal_ends_as_the_run_does_and_leaves_nothing_behind() {
    let database = legacy();
    let before = all_of(&database);
    let rehearsed = json(&pgfold(&database, &["apply", "--rehearse", "-y", "--format", "json"]).expect(0));
    assert_eq!(all_of(&database), before);
    assert_eq!(database.value("select to_regnamespace('pgfold') is null"), "t");
    let locks = rehearsed["carried"]["locks"].as_array().unwrap();
    let held = |table: &str, mode: &str| locks.iter().any(|l| l["table"] == table && l["mode"] == mode);
    assert!(held("public.agents", "AccessExclusiveLock") && held("public.agents", "RowExclusiveLock"), "{locks:?}");
    assert!(!held("public.dh_agent", "RowExclusiveLock"), "{locks:?}");
    let moved = rehearsed["sequences"].to_string();
    let real = json(&pgfold(&database, &["apply", "-y", "--format", "json"]).expect(0));
    assert_eq!(outcomes(&rehearsed["report"]["sources"]), outcomes(&real["run"]["sources"]));
    assert_eq!(rehearsed["report"]["mappings"], real["run"]["mappings"]);
    let verdicts = |v: &Value| -> Vec<String> {
        v.as_array().unwrap().iter().map(|c| format!("{} {}", c["number"], c["verdict"])).collect()
    };
    assert_eq!(verdicts(&rehearsed["checks"]), verdicts(&real["checks"]));
    let steps = |v: &Value| -> Vec<String> {
        v.as_array().unwrap().iter().map(|s| format!("{} {} {}", s["step"], s["intent"], s["rows"])).collect()
    };
    assert_eq!(steps(&rehearsed["carried"]["steps"]), steps(&real["run"]["steps"]));
    assert!(!moved.is_empty());
}

#[test]
fn a_rehearsal_after_a_run_adds_no_run_and_takes_no_lease() {
    let (folder, database) = shop("alter table items add column note text");
    let path = folder.path().display().to_string();
    pgfold(&database, &["apply", &path, "-y"]).expect(0);
    database.psql("insert into old_items values (3, 'three')");
    let ledger = || {
        database.psql("select run, state, plan_digest from pgfold.run; select * from pgfold.lease; select count(*) from pgfold.crosswalk; select count(*) from pgfold.audit")
    };
    let before = (all_of(&database), ledger());
    let done = pgfold(&database, &["migrate", &path, "--rehearse", "-y", "--format", "json"]).expect(0);
    let told = json(&done);
    let outcome = source(&told["report"]["sources"], "old_items");
    assert_eq!((&outcome["inserted"], &outcome["unchanged"]), (&1.into(), &2.into()));
    assert_eq!((all_of(&database), ledger()), before);
    pgfold(&database, &["migrate", &path, "-y"]).expect(0);
}

#[test]
fn a_rehearsal_past_its_limit_is_taken_back() {
    let (folder, database) = shop("alter table items add column note text; select pg_sleep(60)");
    let path = folder.path().display().to_string();
    let before = all_of(&database);
    let began = std::time::Instant::now();
    let refused = pgfold(&database, &["apply", &path, "--rehearse", "--time-limit", "1s", "-y"]).expect(4);
    assert!(
        refused.stderr.contains("not done within 1") && refused.stderr.contains("taken back"),
        "{}",
        refused.stderr
    );
    assert!(began.elapsed().as_secs() < 20);
    database.psql("begin; set lock_timeout = '5s'; lock table items in access exclusive mode; commit");
    assert_eq!(all_of(&database), before);
}

#[test]
fn who_waits_for_a_rehearsal_is_named_with_what_for() {
    let (folder, database) = shop("alter table items add column note text; select pg_sleep(6)");
    let path = folder.path().display().to_string();
    let started = Pgfold::new(&database).args(["apply", &path, "--rehearse", "-y"]).start();
    let locked = "select count(*) from pg_locks where relation = 'items'::regclass and mode = 'AccessExclusiveLock'";
    database.until(locked);
    assert_eq!(database.value("select count(*) from items"), "1");
    let done = started.wait().expect(0);
    assert!(done.stdout.contains("for AccessShareLock on items"), "{}", done.stdout);
}

#[test]
fn a_file_that_ends_its_transaction_is_not_rehearsed() {
    let (folder, database) = shop("alter table items add column note text; commit; begin");
    let path = folder.path().display().to_string();
    let before = all_of(&database);
    let refused = pgfold(&database, &["apply", &path, "--rehearse", "-y"]).expect(3).stderr;
    assert!(refused.contains("`commit` ends the transaction"), "{refused}");
    assert_eq!(all_of(&database), before);
}

#[test]
fn production_is_rehearsed_by_name_and_with_a_limit_only() {
    let (folder, database) = shop("alter table items add column note text");
    let path = folder.path().display().to_string();
    let call = |more: &[&str]| {
        let call = Pgfold::new(&database).env("PGFOLD_PROFILE", "production");
        call.args(["apply", &path, "--rehearse", "-y"]).args(more).run()
    };
    for less in [&[][..], &["--time-limit", "1m"], &["--confirm-database", database.name()]] {
        let refused = call(less).expect(4);
        assert!(refused.stderr.contains("this is production"), "{}", refused.stderr);
    }
    call(&["--time-limit", "1m", "--confirm-database", "other"]).expect(64);
    call(&["--time-limit", "1m", "--confirm-database", database.name()]).expect(0);
    assert_eq!(database.value("select to_regnamespace('pgfold') is null"), "t");
}

#[test]
fn a_concurrent_build_is_made_plainly_and_that_is_said() {
    let done = pgfold(&legacy(), &["apply", "--rehearse", "-y"]).expect(0);
    assert!(done.stdout.contains("0007_agents_live_idx was built plainly"), "{}", done.stdout);
}

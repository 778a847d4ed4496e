//! A target that an enhancement creates: foretold before it is there, there and back, and stopped on the way.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use super::ground::{json, testdata};
use super::harness::{Database, Finished, Pgfold, Scratch, copy, pgfold};

fn guests() -> Database {
    Database::from_sql("guests", &[include_str!("../../testdata/guests/before.sql")])
}

fn state(database: &Database) -> String {
    [database.schema_dump(), database.rows_digest(), database.structure_digest()].join("\n")
}

/// The case with another manifest.
fn altered(from: &str, to: &str) -> Scratch {
    let folder = Scratch::new();
    copy(testdata("guests"), folder.path());
    let file = folder.path().join("consolidation.toml");
    let manifest = std::fs::read_to_string(&file).unwrap();
    assert!(manifest.contains(from), "{from}");
    std::fs::write(file, manifest.replace(from, to)).unwrap();
    folder
}

#[test]
fn what_becomes_of_each_row_is_foretold_before_the_target_is_there() {
    let (database, folder) = (guests(), testdata("guests"));
    let before = state(&database);
    let dry = json(&pgfold(&database, &["apply", &folder, "--dry-run", "--format", "json"]).expect(0));
    assert_eq!(state(&database), before);
    let mut foretold = BTreeMap::new();
    for source in dry["sources"].as_array().unwrap() {
        for row in source["rows"].as_array().unwrap() {
            let text = |v: &serde_json::Value| v.as_str().unwrap_or_default().to_owned();
            let at = (text(&source["source"]), text(&row["id"]));
            foretold.insert(at, (text(&row["outcome"]), text(&row["reason"])));
        }
    }
    pgfold(&database, &["apply", &folder, "-y"]).expect(0);
    let rows = "select jsonb_agg(jsonb_build_array(source, id, outcome, coalesce(reason, ''))) from pgfold.crosswalk";
    let happened: Vec<[String; 4]> = serde_json::from_str(&database.value(rows)).unwrap();
    assert_eq!(happened.len(), 13);
    let happened: BTreeMap<_, _> = happened.into_iter().map(|[s, i, o, r]| ((s, i), (o, r))).collect();
    assert_eq!(foretold, happened);
    let reasons: Vec<&str> = happened.values().map(|(_, reason)| reason.as_str()).filter(|r| r.len() > 5).collect();
    for wanted in [
        "22001 name",
        "23502 mail",
        "23502 name",
        "23503 guests_house_fkey",
        "23505 guests_card_key",
        "23514 guests_nights_check",
    ] {
        assert!(reasons.contains(&wanted), "{wanted} is not among {reasons:?}");
    }
}

#[test]
fn a_target_that_was_created_goes_again_under_psql_and_comes_back_with_its_ids() {
    let (database, folder) = (guests(), testdata("guests"));
    let before = state(&database);
    let done = pgfold(&database, &["apply", &folder, "-y"]).expect(0);
    assert!(done.stdout.contains("5 of 5 checks passed"), "{}", done.stdout);
    let script =
        |level: &str| std::fs::read_to_string(done.cwd().join(format!("pgfold-runs/1/rollback-{level}.sql"))).unwrap();
    // a row that is not the run's keeps the table
    database.psql("insert into guests (mail, name) values ('own@example.org', 'Own')");
    let refused = database.try_psql(&script("schema")).unwrap_err();
    assert!(refused.contains("values of table public.guests were not put there by the run"), "{refused}");
    assert_eq!(database.value("select count(*) from guests"), "4");
    database.psql("delete from guests where mail = 'own@example.org'");
    let ids = "select string_agg(guest_id || mail, ' ' order by mail) from guests";
    let first = database.value(ids);
    database.psql(&script("purge"));
    assert_eq!(database.value("select count(*) from guests"), "0");
    database.psql(&script("schema"));
    assert_eq!(state(&database), before);
    pgfold(&database, &["apply", &folder, "-y"]).expect(0);
    assert_eq!(database.value(ids), first);
    database.psql("insert into guests (mail, name) values ('own@example.org', 'Own')");
    pgfold(&database, &["rollback", &folder, "--level", "schema", "--execute", "-y"]).expect(4);
    pgfold(&database, &["rollback", &folder, "--level", "schema", "--execute", "-y", "--discard-edits"]).expect(0);
    assert_eq!(state(&database), before);
}

/// Files of a run by hand, each given to psql; what comes with rows that must be there first is asked for again.
fn by_hand(database: &Database, folder: &str, cwd: &Path) {
    let call = |words: &[&str]| Pgfold::new(database).args(words).cwd(cwd).run();
    call(&["apply", folder, "--manual", "--approve", "all"]).expect(0);
    let runs = cwd.join("pgfold-runs");
    let newest = std::fs::read_dir(&runs).unwrap().map(|e| e.unwrap().path()).max().unwrap();
    let mut done = Vec::new();
    loop {
        let files = super::gates::numbered(&newest);
        let new: Vec<_> = files.into_iter().filter(|f| !done.contains(f)).collect();
        if new.is_empty() {
            break;
        }
        for file in new {
            let script = std::fs::read_to_string(&file).unwrap();
            database.try_psql(&script).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
            done.push(file);
        }
        if database.value("select state from pgfold.run order by run desc limit 1") != "completed" {
            call(&["resume", folder, "--manual"]).expect(0);
        }
    }
    let proof = call(&["validate", folder]).expect(0).stdout;
    assert!(proof.contains("5 of 5 checks passed"), "{proof}");
}

#[test]
fn a_target_that_is_created_by_hand_is_what_apply_creates_and_comes_again_with_its_ids() {
    let (database, folder, scratch) = (guests(), testdata("guests"), Scratch::new());
    let before = state(&database);
    by_hand(&database, &folder, scratch.path());
    let same = guests();
    pgfold(&same, &["apply", &folder, "-y"]).expect(0);
    let told = "select string_agg(concat_ws(' ', source, id, outcome, key, reason), ';' order by source, id) from pgfold.crosswalk
                where run = (select max(run) from pgfold.run)";
    let rows = "select string_agg(to_jsonb(g)::text, ';' order by mail) from guests g";
    assert_eq!((database.value(told), database.value(rows)), (same.value(told), same.value(rows)));
    let first = database.value(rows);
    pgfold(&database, &["rollback", &folder, "--level", "schema", "--execute", "-y"]).expect(0);
    assert_eq!(state(&database), before);
    by_hand(&database, &folder, scratch.path());
    assert_eq!(database.value(rows), first);
    // new rows come behind the ids that came back
    let next = "insert into guests (mail, name) values ('own@example.org', 'Own') returning guest_id > (select max(guest_id) from guests)";
    assert_eq!(database.value(next), "t");
    assert_eq!(database.value("select count(*) from pgfold.step where kind = 'advance'"), "1");
}

#[test]
fn a_rehearsal_creates_the_target_and_takes_it_back() {
    let (database, folder) = (guests(), testdata("guests"));
    let before = state(&database);
    let told = json(&pgfold(&database, &["apply", &folder, "--rehearse", "-y", "--format", "json"]).expect(0));
    assert_eq!(told["report"]["sources"][0]["inserted"], 2);
    assert_eq!(state(&database), before);
}

/// A run that could not get a lock, held by another session until then.
fn stopped(database: &Database, held: &str) -> Finished {
    let psql = format!("begin; {held}; select pg_sleep(600)");
    let mut other = Command::new("psql")
        .args(["-X", "-q", "-d", &database.url(), "-c", &psql])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let asleep = "from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
    database.until(&format!("select exists (select {asleep})"));
    let arguments = ["apply", &testdata("guests"), "-y", "--lock-timeout", "200ms", "--attempts", "1"];
    let stopped = pgfold(database, &arguments);
    database.psql(&format!("select pg_terminate_backend(pid) {asleep}"));
    other.wait().unwrap();
    let stopped = stopped.expect(8);
    let there = if held.starts_with("update") { "t" } else { "f" };
    assert_eq!(database.value("select to_regclass('guests') is not null"), there);
    stopped
}

#[test]
fn a_run_that_stops_before_or_after_its_target_is_there_goes_on_or_back() {
    for held in ["lock table houses in share mode", "update old_guests set no = no"] {
        let (database, folder) = (guests(), testdata("guests"));
        let before = state(&database);
        let half = stopped(&database, held);
        let script = std::fs::read_to_string(half.cwd().join("pgfold-runs/1/rollback-schema.sql")).unwrap();
        database.psql(&script);
        assert_eq!(state(&database), before, "{held}");
        let half = stopped(&database, held);
        let done = Pgfold::new(&database).args(["resume", &folder]).cwd(half.cwd()).run().expect(0);
        assert!(done.stdout.contains("13 legacy rows"), "{}{}", done.stdout, done.stderr);
        pgfold(&database, &["validate", &folder]).expect(0);
    }
}

#[test]
fn ids_that_come_back_after_a_rollback_are_not_given_out_again() {
    let database = Database::from_sql(
        "ids come back",
        &["create table items (id bigint generated always as identity primary key, item_key text unique, name text);
           insert into items (item_key, name) values ('K0', 'there');
           create table old_items (no int primary key, name text); insert into old_items values (1, 'one'), (2, 'two');"],
    );
    let folder = Scratch::new();
    let manifest = "[target]\ntable = \"items\"\nkey = \"item_key\"\n[[source]]\ntable = \"old_items\"\nid = \"no\"\nkey = \"'K' || no\"\n\
        winner = \"no\"\n[source.columns]\nname = \"name\"\n[source.ignore]\nno = \"in the key\"\n";
    std::fs::write(folder.path().join("consolidation.toml"), manifest).unwrap();
    let path = folder.path().display().to_string();
    for _ in 0..2 {
        pgfold(&database, &["apply", &path, "-y"]).expect(0);
        pgfold(&database, &["rollback", &path, "--level", "schema", "--execute", "-y"]).expect(0);
    }
    pgfold(&database, &["apply", &path, "-y"]).expect(0);
    assert_eq!(database.value("select string_agg(id || item_key, ' ' order by id) from items"), "1K0 2K1 3K2");
    assert_eq!(database.value("insert into items (item_key) values ('mine') returning id").lines().next(), Some("4"));
}

#[test]
fn a_saved_plan_is_refused_when_somebody_was_faster_to_create_the_target() {
    let (database, folder) = (guests(), testdata("guests"));
    let made = pgfold(&database, &["plan", &folder, "--out", "plan.json"]).expect(0);
    database.psql("create table guests (guest_id bigint primary key, mail text unique)");
    let refused = Pgfold::new(&database).args(["apply", "--plan", "plan.json", "-y"]).cwd(made.cwd()).run().expect(3);
    assert!(refused.stderr.contains("guests"), "{}", refused.stderr);
    assert_eq!(database.value("select to_regnamespace('pgfold') is null"), "t");
}

#[test]
fn a_declaration_that_is_missing_or_other_than_the_file_is_refused() {
    let database = guests();
    let refused = |from: &str, to: &str, says: &str| {
        let folder = altered(from, to);
        let done = pgfold(&database, &["doctor", &folder.path().display().to_string()]).expect(3);
        let told = done.stdout + &done.stderr;
        assert!(told.contains(says), "{says}: {told}");
    };
    refused("house = \"text\", ", "", "the file creates it, the manifest does not declare it");
    refused("born = \"date\"", "born = \"text\"", "declared is `text`, the file creates `date`");
    refused("card = \"text\"", "card = \"text\", cord = \"text\"", "declared, but the file does not create it");
    let manifest = std::fs::read_to_string(testdata("guests") + "/consolidation.toml").unwrap();
    let adds = manifest.lines().find(|l| l.starts_with("adds.guests")).unwrap();
    refused(adds, "", "adds.guests = {");
}

#[test]
fn what_a_file_brings_and_nobody_can_foretell_is_named() {
    let database = guests();
    let folder = altered("max_rejects", "max_rejects ");
    let file = folder.path().join("0001_guests.up.sql");
    let script = std::fs::read_to_string(&file).unwrap()
        + "create trigger t before insert on guests for each row execute function suppress_redundant_updates_trigger();\n\
           alter table guests add constraint apart exclude using btree (born with =);\n\
           alter table guests add check (guests.nights < 99);\n";
    std::fs::write(file, script).unwrap();
    let dry = pgfold(&database, &["apply", &folder.path().display().to_string(), "--dry-run"]).expect(0);
    for said in
        ["trigger `t` may change", "exclusion constraint `apart`", "check `guests_nights_check` is not looked at"]
    {
        assert!(dry.stdout.contains(said), "{said}: {}", dry.stdout);
    }
}

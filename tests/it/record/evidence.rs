//! What the evidence names besides the run itself, and where the time of a real run went.

use super::Place;
use crate::ground::{legacy_with, library, testdata};
use crate::harness::{Pgfold, Scratch};

#[test]
fn the_evidence_names_the_backup_that_the_run_could_be_restored_from() {
    let place = Place::new();
    let backups = place.folder.path().join("backups");
    let backups = backups.to_str().unwrap();
    place.run(&["backup", "--into", backups]).expect(0);
    place.run(&["apply", "--yes"]).expect(0);
    // a backup from after the run does not bring back what was there before it
    place.run(&["backup", "--into", backups]).expect(0);
    let page = place.run(&["report", "--evidence", "--backups", backups]).expect(0).stdout;
    let mut taken: Vec<(u64, String, bool)> = Vec::new();
    for folder in std::fs::read_dir(backups).unwrap() {
        let Ok(text) = std::fs::read_to_string(folder.unwrap().path().join("backup.json")) else { continue };
        let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
        let sha = manifest["sha256"].as_str().unwrap().to_owned();
        taken.push((manifest["taken_at_epoch"].as_u64().unwrap(), sha.clone(), page.contains(&sha)));
    }
    taken.sort();
    assert_eq!(taken.iter().map(|(.., shown)| *shown).collect::<Vec<_>>(), [true, false], "{taken:?}");
    assert!(page.contains("the whole database") && page.contains("before the run") && page.contains("to its last row"));
    let none = place.run(&["report", "--evidence", "--backups", "/nonexistent"]).expect(0).stdout;
    assert!(none.contains("No backup from before the run") && none.contains("--backups DIR"), "{none}");
}

#[test]
fn a_slow_trigger_is_named_by_the_history_of_a_real_run() {
    let (database, scratch) = (library(), Scratch::new());
    database.psql(&format!("alter database \"{}\" set track_functions = 'all'", database.name()));
    database.psql(
        "create or replace function items_words() returns trigger language plpgsql as $$
         begin perform pg_sleep(0.1); new.words = to_tsvector('simple', new.title); return new; end $$",
    );
    let folder = testdata("library");
    let run = |arguments: &[&str]| Pgfold::new(&database).args(arguments).cwd(scratch.path()).run();
    run(&["apply", &folder, "-y"]);
    let ms: f64 =
        database.value("select coalesce(max(ms), 0) from pgfold.timing where part = 'triggers'").parse().unwrap();
    let inserted: f64 = database.value("select sum(inserted) from pgfold.batch").parse().unwrap();
    assert!(inserted > 20.0 && ms >= inserted * 100.0, "{inserted} rows, {ms} ms");
    let said = run(&["history", &folder]).stdout;
    assert!(said.contains("next: triggers takes most of the time"), "{said}");
}

#[test]
fn more_indexes_take_a_larger_share_of_a_real_run() {
    let share = |more: &str| -> f64 {
        let (database, scratch) = (legacy_with(10_000), Scratch::new());
        database.psql(more);
        Pgfold::new(&database).args(["enhance", "-y"]).cwd(scratch.path()).run().expect(0);
        Pgfold::new(&database).args(["migrate", "-y", "--workers", "1"]).cwd(scratch.path()).run().expect(0);
        let said =
            Pgfold::new(&database).args(["history", "--format", "json"]).cwd(scratch.path()).run().expect(0).stdout;
        let told: serde_json::Value = serde_json::from_str(&said).unwrap();
        let ms = |part: &str| {
            let parts = told["parts"].as_array().unwrap();
            parts.iter().find(|p| p["part"] == part).map_or(0.0, |p| p["ms"].as_f64().unwrap())
        };
        ms("indexes") / (ms("indexes") + ms("writing rows"))
    };
    let (few, many) = (
        share("select 1"),
        share(
            "create index on agents (name, title); create index on agents (title, name);
             create index on agents (description); create index on agents (name, id); create index on agents (title, id);
             create index on agents (created_at, name); create index on agents (updated_at, title)",
        ),
    );
    assert!(few > 0.0 && many > few, "{few} with few, {many} with many");
}

//! What stands behind a rollback: backups of a set age, the window, the page for whoever is on call, thresholds, restores.

use std::fs;
use std::path::Path;

use super::{Case, demo, library, same};
use crate::harness::{Finished, Pgfold, Scratch, copy, pgfold};

fn call(case: &Case, cwd: &Path, arguments: &[&str]) -> Finished {
    Pgfold::new(&case.database).cwd(cwd).args(arguments).run()
}

fn backed_up(case: &Case, scratch: &Scratch) -> String {
    call(case, scratch.path(), &["backup"]).expect(0);
    let folder = fs::read_dir(scratch.path().join("pgfold-backups")).unwrap().next().unwrap().unwrap();
    folder.path().display().to_string()
}

#[test]
fn doctor_asks_for_a_verified_backup_of_the_set_age() {
    let (case, scratch) = (library(), Scratch::new());
    let doctor = |age: &[&str]| call(&case, scratch.path(), &[&["doctor", case.name.as_str()], age].concat());
    let asked = |age: &str| doctor(&["--backup-age", age]);
    assert!(doctor(&[]).expect(0).stdout.contains("no verified backup of this database lies in"));
    let refused = asked("24h").expect(4);
    assert!(refused.stdout.contains("asked for is one of the last 24 h"), "{}", refused.stdout);
    assert!(refused.stdout.contains("pgfold backup"), "{}", refused.stdout);
    let folder = backed_up(&case, &scratch);
    let good = asked("24h").expect(0).stdout;
    assert!(good.contains("the youngest verified backup"), "{good}");
    let by_environment = |value: &str| {
        let doctor = Pgfold::new(&case.database).cwd(scratch.path()).env("PGFOLD_BACKUP_AGE", value);
        doctor.args(["doctor", &case.name]).run()
    };
    by_environment("24h").expect(0);
    by_environment("a week").expect(78);
    // one that is too old, one that was never read back, and one whose file is not what was written
    let manifest = Path::new(&folder).join("backup.json");
    let said = fs::read_to_string(&manifest).unwrap();
    let epoch = said.split("\"taken_at_epoch\": ").nth(1).unwrap().split(',').next().unwrap().to_owned();
    let older = (epoch.parse::<u64>().unwrap() - 25 * 3600).to_string();
    fs::write(&manifest, said.replace(&epoch, &older)).unwrap();
    let refused = asked("24h").expect(4).stdout;
    assert!(refused.contains("25 h") && refused.contains("take a new one"), "{refused}");
    fs::write(&manifest, said.replace("\"verified\": true", "\"verified\": false")).unwrap();
    asked("24h").expect(4);
    fs::write(&manifest, &said).unwrap();
    let dump = Path::new(&folder).join("database.dump");
    let whole = fs::read(&dump).unwrap();
    fs::write(&dump, &whole[..whole.len() / 2]).unwrap();
    asked("24h").expect(4);
    fs::write(&dump, whole).unwrap();
    asked("24h").expect(0);
}

#[test]
fn the_window_is_a_setting_and_the_page_says_it() {
    let case = library();
    let applied = case.apply();
    let page = fs::read_to_string(applied.cwd().join("pgfold-runs/1/rollback-readiness.md")).unwrap();
    assert!(page.contains("possible until") && page.contains("## Procedure"), "{page}");
    let images = "select count(*) from pgfold.before_image";
    let kept = case.database.value(images);
    assert_ne!(kept, "0");
    let clean = |window: &str| {
        let call = Pgfold::new(&case.database).env("PGFOLD_ROLLBACK_WINDOW", window);
        call.args(["cleanup", &case.name, "--before-images", "--older-than", "0s", "--yes"]).run()
    };
    clean("1d").expect(0);
    clean("").expect(0);
    assert_eq!(case.database.value(images), kept);
    clean("soon").expect(78);
    assert_eq!(case.database.value(images), kept);
    let status = Pgfold::new(&case.database).env("PGFOLD_ROLLBACK_WINDOW", "0s");
    let status = status.args(["status", &case.name, "--rollback"]).run().expect(0).stdout;
    assert!(status.contains("the window is over"), "{status}");
    clean("0s").expect(0);
    assert_eq!(case.database.value(images), "0");
}

#[test]
fn a_run_without_checks_leaves_the_page_for_whoever_is_on_call_too() {
    let case = library();
    let enhanced = pgfold(&case.database, &["enhance", &case.name, "--yes", "--quiet"]).expect(0);
    let page = fs::read_to_string(enhanced.cwd().join("pgfold-runs/1/rollback-readiness.md")).unwrap();
    assert!(page.contains("## Run 1 (enhance, completed)") && page.contains("pgfold rollback --run N"), "{page}");
    // and a rollback does not leave one that promises what is done
    let back = ["rollback", case.name.as_str(), "--level", "schema", "--execute", "--yes"];
    call(&case, &enhanced.cwd(), &back).expect(0);
    let page = fs::read_to_string(enhanced.cwd().join("pgfold-runs/1/rollback-readiness.md")).unwrap();
    assert!(page.contains("Nothing stands that could be rolled back"), "{page}");
}

#[test]
fn a_plan_says_how_long_the_way_back_takes_and_how_that_is_known() {
    let (case, scratch) = (library(), Scratch::new());
    let told = |file: &str| {
        call(&case, scratch.path(), &["plan", &case.name, "--out", file]).expect(0);
        let shown = call(&case, scratch.path(), &["show", file]).expect(0).stdout;
        shown.lines().find(|l| l.starts_with("rollback of all of it")).unwrap_or_else(|| panic!("{shown}")).to_owned()
    };
    assert!(told("one.json").contains("reference drill"));
    case.apply();
    let page = || pgfold(&case.database, &["status", &case.name, "--rollback"]).expect(0).stdout;
    assert!(page().contains("(by run 1 itself, "), "{}", page());
    case.rollback(&["--rehearse"]).expect(0);
    assert!(page().contains("(rehearsed at level rows)"), "{}", page());
    case.rollback(&["--execute", "--level", "schema"]).expect(0);
    let after = told("two.json");
    assert!(after.contains("by the rollback of run 1, "), "{after}");
    let took = case.database.value("select (undone_effect ->> 'took_ms')::float8 > 0 from pgfold.run");
    assert_eq!(took, "t");
}

/// The library with thresholds of its own.
fn bearing(scratch: &Scratch, checks: &str) -> Case {
    let (mut case, folder) = (library(), scratch.path().join("library"));
    copy(&case.name, &folder);
    let manifest = folder.join("consolidation.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, format!("{text}\n[checks]\n{checks}\n")).unwrap();
    case.name = folder.display().to_string();
    case
}

#[test]
fn a_check_warns_past_one_threshold_and_fails_past_the_other() {
    let scratch = Scratch::new();
    let case = bearing(&scratch, "mappings = { warn = 1, fail = 2 }\nslower = { fail = 50 }");
    case.apply();
    let lose = |n: u32| {
        let copy = case.database.cloned();
        copy.psql(&format!(
            "delete from item_shelves where item in (select item from item_shelves group by item order by item limit {n})"
        ));
        pgfold(&copy, &["validate", &case.name])
    };
    let line = |said: &Finished| said.stdout.lines().find(|l| l.starts_with("4 mappings")).unwrap().to_owned();
    let one = lose(1).expect(0);
    assert!(line(&one).contains("passed"), "{}", one.stdout);
    let two = lose(2).expect(0);
    assert!(line(&two).contains("warned") && two.stdout.contains("1 warned"), "{}", two.stdout);
    assert!(two.stdout.contains("borne up to 2"), "{}", two.stdout);
    let three = lose(3).expect(5);
    assert!(line(&three).contains("FAILED"), "{}", three.stdout);
    assert!(three.stderr.contains("severity 1 of 3") && three.stderr.contains("as now"), "{}", three.stderr);
}

#[test]
fn lost_rows_are_never_borne_and_thresholds_that_contradict_themselves_are_mistakes() {
    let scratch = Scratch::new();
    let mistaken = |checks: &str, word: &str| {
        let case = bearing(&scratch, checks);
        let said = pgfold(&case.database, &["validate", &case.name]).expect(78);
        assert!(said.stderr.contains(word), "{}", said.stderr);
    };
    mistaken("no_data_loss = { fail = 3 }", "no_data_loss");
    mistaken("mappings = { warn = 3, fail = 2 }", "checks.mappings");
    mistaken("slower = { warn = 2.0, fail = 1.5 }", "checks.slower");
}

#[test]
fn a_backup_of_before_a_run_comes_back_in_place_once_the_run_took_away_what_it_made() {
    let (case, scratch) = (library(), Scratch::new());
    let before = case.state();
    let folder = backed_up(&case, &scratch);
    case.apply();
    let restore =
        || call(&case, scratch.path(), &["restore", &folder, "--in-place", "--confirm-database", case.database.name()]);
    let refused = restore().expect(4);
    for words in ["item_shelves", "pgfold rollback library --level schema --execute", "--into NAME"] {
        assert!(refused.stderr.contains(words), "`{words}` is not said:\n{}", refused.stderr);
    }
    // what it says is what helps, even after somebody damaged rows of the run
    case.database.psql("update items set title = 'damaged' where item_key like 'ARCHIVE-%'; update items set title = 'damaged, too' where item_id = 1");
    case.rollback(&["--execute", "--level", "schema", "--discard-edits"]).expect(0);
    assert!(case.state() != before, "the rollback cannot know what somebody did to a row of before");
    restore().expect(0);
    same(&case.state(), &before, "state");
    // what no run made is not blamed on one
    case.database.psql("create table wishes (item bigint references items)");
    let refused = restore().expect(4);
    assert!(refused.stderr.contains("wishes") && !refused.stderr.contains("pgfold rollback"), "{}", refused.stderr);
}

#[test]
fn with_a_harmed_ledger_the_advice_is_to_restore_and_with_a_whole_one_to_roll_back() {
    let case = demo();
    case.apply();
    let advice = |harm: &str| {
        let copy = case.database.cloned();
        copy.psql("delete from agents where unique_id in (select min(unique_id) from agents where unique_id like 'DH_AGENT_%')");
        copy.psql(harm);
        let said = pgfold(&copy, &["validate"]).expect(5).stderr;
        said.lines().find(|l| l.contains("severity")).unwrap_or_else(|| panic!("{said}")).to_owned()
    };
    let whole = advice("select 1");
    assert!(whole.contains("severity 2 of 3: roll back: `pgfold rollback --execute` (about"), "{whole}");
    for harm in [
        "update pgfold.mapped set left_id = left_id || 'x' where left_id = (select min(left_id) from pgfold.mapped)",
        "update pgfold.crosswalk set target_hash = 1 where id = (select min(id) from pgfold.crosswalk where outcome = 'inserted')",
    ] {
        let harmed = advice(harm);
        assert!(harmed.contains("severity 3 of 3: restore"), "{harm}: {harmed}");
    }
}

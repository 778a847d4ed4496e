//! Readiness, severity and retention.

use super::{demo, library, same};
use crate::harness::pgfold;

#[test]
fn readiness_names_time_window_and_procedure_and_sees_a_changed_ledger() {
    let case = library();
    let applied = case.apply();
    let status = || pgfold(&case.database, &["status", &case.name, "--rollback"]).expect(0).stdout;
    let page = status();
    for words in
        ["## Run 1 (apply", "possible until", "41 inserted", "takes about", "hash to what they were", "on call"]
    {
        assert!(page.contains(words), "`{words}` is missing:\n{page}");
    }
    let in_folder = crate::harness::Pgfold::new(&case.database).cwd(applied.cwd());
    in_folder.args(["status", &case.name, "--rollback"]).run().expect(0);
    let file = std::fs::read_to_string(applied.cwd().join("pgfold-runs/1/rollback-readiness.md")).unwrap();
    assert!(file.contains("## Procedure"), "{file}");
    case.rollback(&["--rehearse"]).expect(0);
    assert!(status().contains("(rehearsed at level rows)"));
    for harm in [
        "update pgfold.crosswalk set target_id = '1' where source = 'old_books' and id = '1'",
        "delete from pgfold.before_image where id = '1'",
        "update pgfold.object_image set definition = 'select 1'",
    ] {
        let copy = case.database.cloned();
        copy.psql(harm);
        let page = pgfold(&copy, &["status", &case.name, "--rollback"]).expect(0).stdout;
        assert!(page.contains("not possible any more"), "{harm}:\n{page}");
    }
}

#[test]
fn a_failed_validation_ends_with_what_to_do() {
    let case = demo();
    case.apply();
    let advice = |harm: &str| {
        let copy = case.database.cloned();
        copy.psql(harm);
        let said = pgfold(&copy, &["validate"]).expect(5);
        let said = said.stdout + &said.stderr;
        said.lines().find(|l| l.contains("severity")).unwrap_or_else(|| panic!("{said}")).to_owned()
    };
    let one = advice(
        "update agents set category = '' where unique_id like 'AI_AGENT_%'; update agents set category = null where unique_id like 'AGENT_%'",
    );
    assert!(one.contains("severity") && one.contains("pgfold rollback --execute` (about"), "{one}");
    let two = advice("delete from agents where unique_id like 'DH_AGENT_%'");
    assert!(two.contains("severity 2 of 3: roll back"), "{two}");
    let three = advice(
        "delete from agents where unique_id like 'AGENT_%' and id in (select id from agents where unique_id like 'AGENT_%' limit 1)",
    );
    assert!(three.contains("severity 3 of 3: restore"), "{three}");
}

#[test]
fn images_within_the_rollback_window_are_never_thrown_away() {
    let case = library();
    let before = case.state();
    case.apply();
    let clean = || {
        pgfold(&case.database, &["cleanup", &case.name, "--before-images", "--older-than", "0s", "--yes"])
            .expect(0)
            .stdout
    };
    let images = "select (select count(*) from pgfold.before_image) + (select count(*) from pgfold.object_image)";
    let kept = case.database.value(images);
    assert_eq!(clean(), "no run is old enough and past its rollback window\n");
    assert_eq!(case.database.value(images), kept);
    // past the window it goes, and the rollback says why it cannot
    let old = case.database.cloned();
    old.psql("update pgfold.run set finished_at = finished_at - interval '31 days'");
    pgfold(&old, &["cleanup", &case.name, "--before-images", "--older-than", "30d", "--dry-run"]).expect(0);
    assert_eq!(old.value(images), kept);
    pgfold(&old, &["cleanup", &case.name, "--before-images", "--yes"]).expect(0);
    assert_eq!(old.value(images), "0");
    let refused = pgfold(&old, &["rollback", &case.name, "--renamed", "--execute", "--yes"]).expect(4).stderr;
    assert!(refused.contains("thrown away"), "{refused}");
    // the original can still go back whole
    case.rollback(&["--execute", "--level", "schema"]).expect(0);
    same(&case.state(), &before, "state");
}

//! What a dry run shows of rows that differ from the row that wins, of whatever source; what it must not show; what it keeps.

use std::collections::BTreeMap;

use serde_json::Value;

use super::ground::{json, testdata};
use super::harness::{Database, Pgfold, Scratch, copy, pgfold};

fn guests() -> Database {
    Database::from_sql("guests", &[include_str!("../../testdata/guests/before.sql")])
}

/// The case with its manifest changed.
fn with(from: &str, to: &str) -> Scratch {
    let folder = Scratch::new();
    copy(testdata("guests"), folder.path());
    let file = folder.path().join("consolidation.toml");
    let manifest = std::fs::read_to_string(&file).unwrap();
    assert!(manifest.contains(from), "{from}");
    std::fs::write(file, manifest.replace(from, to)).unwrap();
    folder
}

fn differences(dry: &Value) -> Vec<(String, String, Value, Value)> {
    let all = dry["sources"].as_array().unwrap().iter().flat_map(|s| s["differences"].as_array().unwrap());
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    all.map(|d| (text(&d["id"]), text(&d["holder"]), d["there"].clone(), d["incoming"].clone())).collect()
}

const BOBBY: &str = "00000000-0000-0000-0000-000000000001";

#[test]
fn a_row_that_gives_way_to_one_of_another_source_is_shown_beside_it_and_kept_whole() {
    let (database, folder) = (guests(), testdata("guests"));
    let dry = ["apply", &folder, "--dry-run", "--format", "json", "--out", "foretold"];
    let dry = pgfold(&database, &dry).expect(0);
    let told = differences(&json(&dry));
    let (_, holder, there, incoming) = told.iter().find(|d| d.0 == BOBBY).expect("Bobby differs from Bob");
    assert_eq!(holder, "old_guests 2");
    assert_eq!((&there["name"], &incoming["name"]), (&"Bob".into(), &"Bobby".into()));
    assert_eq!((&there["nights"], &incoming["nights"]), (&1.into(), &9.into()));
    let (_, holder, there, incoming) = told.iter().find(|d| d.0 == "3").expect("two rows of one source");
    assert_eq!(
        (holder.as_str(), &there["name"], &incoming["name"]),
        ("old_guests 1", &"Ann".into(), &"Ann again".into())
    );
    let csv = std::fs::read_to_string(dry.cwd().join("foretold/differences.csv")).unwrap();
    assert!(csv.lines().any(|l| l.contains(BOBBY) && l.contains("old_guests 2") && l.ends_with(",Bob,Bobby")), "{csv}");
    pgfold(&database, &["apply", &folder, "-y"]).expect(0);
    let kept = format!(
        "select detail -> 'row' ->> 'name' || (detail -> 'row' ->> 'stay') from pgfold.crosswalk where id = '{BOBBY}'"
    );
    assert_eq!(database.value(&kept), "Bobby9");
}

#[test]
fn what_either_source_calls_sensitive_is_masked_in_a_difference_between_them() {
    let database = guests();
    for source in ["table        = \"old_guests\"", "table        = \"web_guests\""] {
        let column = if source.contains("old") { "full_name" } else { "name" };
        let folder = with(source, &format!("{source}\nsensitive = [\"{column}\"]"));
        let dry = pgfold(&database, &["apply", &folder.path().display().to_string(), "--dry-run", "--format", "json"]);
        let told = differences(&json(&dry.expect(0)));
        let (_, _, there, incoming) = told.iter().find(|d| d.0 == BOBBY).expect("still a difference");
        assert_eq!((&there["name"], &incoming["name"]), (&"***".into(), &"*** (another)".into()));
        assert_eq!(incoming["nights"], 9);
    }
}

#[test]
fn an_id_that_is_sensitive_is_refused_with_the_reason() {
    let database = guests();
    let folder = with("table        = \"web_guests\"", "table        = \"web_guests\"\nsensitive = [\"id\"]");
    let path = folder.path().display().to_string();
    let refused = pgfold(&database, &["apply", &path, "--dry-run"]).expect(3);
    let told = refused.stdout + &refused.stderr;
    assert!(
        told.contains("`id` is sensitive") && told.contains("cannot be masked") && told.contains("surrogate"),
        "{told}"
    );
    database.psql("alter table web_guests add column number bigint generated always as identity unique");
    let refused = pgfold(&database, &["apply", &path, "--dry-run"]).expect(3);
    let told = refused.stdout + &refused.stderr;
    assert!(told.contains("name `number` as `id`"), "{told}");
}

#[test]
fn a_rehearsal_beside_a_ledger_leaves_its_times_and_says_that_it_held_the_lease() {
    let (database, folder) = (guests(), testdata("guests"));
    let first = pgfold(&database, &["apply", &folder, "--rehearse", "-y"]).expect(0);
    assert!(!first.stdout.contains("lease"), "{}", first.stdout);
    assert_eq!(database.value("select to_regnamespace('pgfold') is null"), "t");
    pgfold(&database, &["apply", &folder, "-y"]).expect(0);
    database.psql(
        "insert into web_guests select gen_random_uuid(), 'new' || n, 'New', 1, null from generate_series(1, 40) n",
    );
    let told = pgfold(&database, &["apply", &folder, "--rehearse", "-y"]).expect(0);
    assert!(told.stdout.contains("held the consolidation's lease"), "{}", told.stdout);
    assert_eq!(database.value("select string_agg(consolidation || ' ' || rows || ' ' || (took_ms >= moving_ms and moving_ms > 0), ',') like '% 40 true' from pgfold.rehearsal"), "t");
    assert_eq!(database.value("select count(*) from pgfold.run"), "1");
    let planned = pgfold(&database, &["plan", &folder, "--out", "plan.json"]).expect(0);
    let told = planned.stdout + &planned.stderr;
    assert!(told.contains("by a run that was rehearsed, 40 rows"), "{told}");
}

#[test]
fn rows_that_come_back_to_life_and_collide_are_foretold() {
    let (database, folder) = (guests(), testdata("guests"));
    pgfold(&database, &["apply", &folder, "-y"]).expect(0);
    pgfold(&database, &["rollback", &folder, "--execute", "-y"]).expect(0);
    // Ann's new card is taken by a guest of the application; Bob and Jim want one card
    database.psql(
        "insert into guests (mail, name, card) values ('own@example.org', 'Own', 'Z9');
         update old_guests set card = 'Z9' where no = 1;
         update old_guests set card = 'Q' where no = 2; update web_guests set card = 'Q' where name = 'Jim'",
    );
    let dry = json(&pgfold(&database, &["apply", &folder, "--dry-run", "--format", "json"]).expect(0));
    let mut foretold = BTreeMap::new();
    for source in dry["sources"].as_array().unwrap() {
        for row in source["rows"].as_array().unwrap() {
            let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
            foretold.insert(text(&row["id"]), (text(&row["outcome"]), text(&row["reason"])));
        }
    }
    let fate = |id: &str| {
        let (outcome, reason) = &foretold[id];
        format!("{outcome} {reason}")
    };
    // who would be rejected for its card leaves its key, and the row that a rollback retired, to the next
    assert_eq!(fate("1"), "duplicate_in_source key");
    assert_eq!(fate("3"), "inserted revived");
    assert_eq!(fate("2"), "inserted revived");
    assert_eq!(fate("00000000-0000-0000-0000-000000000002"), "rejected 23505 guests_card_key");
    Pgfold::new(&database).args(["apply", &folder, "-y"]).run();
    let rows =
        "select jsonb_agg(jsonb_build_array(id, outcome, coalesce(reason, ''))) from pgfold.crosswalk where run = 2";
    let happened: Vec<[String; 3]> = serde_json::from_str(&database.value(rows)).unwrap();
    let happened: BTreeMap<_, _> = happened.into_iter().map(|[i, o, r]| (i, (o, r))).collect();
    assert_eq!(foretold, happened);
}

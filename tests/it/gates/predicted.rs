//! How long a run takes is told beforehand, within a quarter in most cases, once there is history.
//!
//! The long part: `cargo test --test it gates::predicted -- --ignored --nocapture`, some minutes; the quieter the machine,
//! the better the score.

use std::io::Write as _;

use super::shop::{MANIFEST, Shop};
use crate::ground::legacy_with;
use crate::harness::{Database, Pgfold, Scratch};

/// What is predicted: a database that was generated, or the bundled one with so many more rows.
struct Case {
    database: Database,
    consolidation: String,
    work: Scratch,
    _folder: Option<Scratch>,
}

/// Rows, columns, indexes and long texts differ with `n`.
fn generated(n: u32) -> (Case, u32) {
    let shop = Shop::new();
    let rows = 2_000 + (n * 7919) % 28_000;
    let columns: Vec<String> = (0..n % 7).map(|c| format!("extra_{c}")).collect();
    let adds: String = columns
        .iter()
        .map(|c| format!("alter table items add {c} text; alter table old_items add {c} text;"))
        .collect();
    let filled: String = columns.iter().map(|c| format!(", {c} = repeat(md5(no::text), {})", 1 + n % 5)).collect();
    let indexes: String =
        (0..n % 4).map(|i| format!("create index items_{i} on items (name, id, (id % {}));", i + 2)).collect();
    shop.database.psql(&format!(
        "{adds} {indexes} insert into old_items (no, name) select i, 'row ' || i from generate_series(4, {rows}) i;
         update old_items set name = name{filled}; analyze old_items;"
    ));
    let mapped: String = columns.iter().map(|c| format!("{c} = \"{c}\"\n")).collect();
    shop.write("consolidation.toml", &MANIFEST.replace("name = \"name\"\n", &format!("name = \"name\"\n{mapped}")));
    let Shop { folder, database } = shop;
    let consolidation = folder.path().display().to_string();
    (Case { database, consolidation, work: Scratch::new(), _folder: Some(folder) }, rows)
}

fn bundled(rows: u32) -> Case {
    Case { database: legacy_with(rows), consolidation: "agents".into(), work: Scratch::new(), _folder: None }
}

/// Predicted and real milliseconds of the third run: two runs are history.
fn third(case: &Case) -> (f64, f64) {
    // on a busy machine a query may be slower than before, which fails check 7 and is not what is asked here
    let call = |words: &str| {
        let words: Vec<&str> = words.split(' ').chain([case.consolidation.as_str()]).collect();
        let done = Pgfold::new(&case.database).args(words).cwd(case.work.path()).run();
        if done.code == 5 { done } else { done.expect(0) }
    };
    for _ in 0..2 {
        call("apply --automated --approve MIG-5");
        call("rollback --level schema --execute -y");
    }
    call("apply --automated --approve MIG-5");
    let told = case.database.value(
        "select estimated_duration_ms || ' ' || extract(epoch from finished_at - requested_at) * 1000 from pgfold.migrations where run = 3",
    );
    let (predicted, real) = told.split_once(' ').unwrap();
    (predicted.parse().unwrap(), real.parse().unwrap())
}

/// How many of the predictions are within a quarter; each is told as it comes.
fn within(databases: u32) -> u32 {
    let mut hits = 0;
    for n in 1..=databases {
        let (case, rows) = if n % 10 == 0 { (bundled(40 * n), 40 * n) } else { generated(n) };
        let (predicted, real) = third(&case);
        let off = (predicted / real - 1.0) * 100.0;
        hits += u32::from(off.abs() <= 25.0);
        let runs = "select string_agg(round((extract(epoch from finished_at - requested_at) * 1000)::numeric)::text, ', ' order by run) from pgfold.run";
        let runs = case.database.value(runs);
        let _ = writeln!(
            std::io::stderr(),
            "{n}: {rows} rows, runs of {runs} ms; predicted {predicted:.0} ms ({off:+.0} %)"
        );
    }
    hits
}

#[test]
fn a_prediction_rests_on_the_runs_before() {
    for case in [bundled(800), generated(1).0] {
        let (predicted, real) = third(&case);
        // a busy machine may be off by much, never by a power of ten
        assert!(predicted > real / 5.0 && predicted < real * 5.0, "{predicted} {real}");
    }
}

#[test]
#[ignore = "60 databases, three runs each: minutes, and better on a quiet machine"]
fn sixty_predictions_are_within_a_quarter_in_most_cases() {
    let hits = within(60);
    let _ = writeln!(std::io::stderr(), "{hits} of 60 within a quarter");
    assert!(hits >= 51, "{hits} of 60 within a quarter");
}

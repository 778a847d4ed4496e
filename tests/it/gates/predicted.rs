//! How long a run takes is told beforehand, within a quarter in most cases, once there is history.
//!
//! The long part: `cargo test --release --test it predicted -- --ignored --nocapture`, on a machine that does nothing else.

use std::io::Write as _;

use crate::ground::legacy_with;
use crate::harness::Pgfold;

/// Sizes of one database's runs, the last one predicted: two runs are history.
fn sizes(n: u32) -> u32 {
    400 + (n * 7919) % 5600
}

/// Predicted and real milliseconds of the third run, and what had been named as a risk.
fn third(rows: u32) -> (f64, f64) {
    let database = legacy_with(rows);
    let scratch = crate::harness::Scratch::new();
    // on a busy machine a query may be slower than before, which fails check 7 and is not what is asked here
    let call = |words: &[&str]| {
        let done = Pgfold::new(&database).args(words).cwd(scratch.path()).run();
        if done.code == 5 { done } else { done.expect(0) }
    };
    for _ in 0..2 {
        call(&["apply", "--automated", "--approve", "MIG-5"]);
        call(&["rollback", "--level", "schema", "--execute", "-y"]);
    }
    call(&["apply", "--automated", "--approve", "MIG-5"]);
    let told = database.value(
        "select estimated_duration_ms || ' ' || extract(epoch from finished_at - requested_at) * 1000 from pgfold.migrations where run = 3",
    );
    let (predicted, real) = told.split_once(' ').unwrap();
    (predicted.parse().unwrap(), real.parse().unwrap())
}

fn within(databases: u32) -> (u32, Vec<String>) {
    let mut hits = 0;
    let mut told = Vec::new();
    for n in 1..=databases {
        let rows = sizes(n);
        let (predicted, real) = third(rows);
        let off = (predicted / real - 1.0) * 100.0;
        hits += u32::from(off.abs() <= 25.0);
        told.push(format!("{rows} rows: predicted {predicted:.0} ms, took {real:.0} ms ({off:+.0} %)"));
    }
    (hits, told)
}

#[test]
fn a_prediction_rests_on_the_runs_before() {
    let (_, told) = within(1);
    let (predicted, real) = third(800);
    // a busy machine may be off by much, never by a power of ten
    assert!(predicted > real / 5.0 && predicted < real * 5.0, "{predicted} {real} {told:?}");
}

#[test]
#[ignore = "60 databases, three runs each: minutes, and a quiet machine"]
fn sixty_predictions_are_within_a_quarter_in_most_cases() {
    let (hits, told) = within(60);
    let _ = writeln!(std::io::stderr(), "{}\n{hits} of 60 within a quarter", told.join("\n"));
    assert!(hits >= 51, "{hits} of 60 within a quarter");
}

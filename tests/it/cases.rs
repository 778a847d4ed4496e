//! Cases as folders: each one below `testdata/cases` is a database, a consolidation, commands, and what they print.
//!
//! `testdata/README.md` says how to add one.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use expect_test::expect_file;
use serde_json::Value;

use super::goldens::redact;
use super::harness::{Database, Pgfold, Scratch, copy};

#[test]
fn every_case_prints_what_is_beside_it() {
    let wanted = std::env::var("PGFOLD_CASE").ok();
    let all: PathBuf = [env!("CARGO_MANIFEST_DIR"), "testdata", "cases"].iter().collect();
    let mut cases: Vec<PathBuf> = fs::read_dir(all).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|path| path.is_dir() && wanted.as_ref().is_none_or(|name| path.ends_with(name)));
    cases.sort();
    assert!(!cases.is_empty(), "no case has that name");
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    // each golden panics with its own diff
                    if std::panic::catch_unwind(|| play(case)).is_err() {
                        failed.lock().unwrap().push(case.file_name().unwrap().to_owned());
                    }
                }
            });
        }
    });
    assert!(failed.lock().unwrap().is_empty(), "other than expected: {:?}", failed.lock().unwrap());
}

fn play(case: &Path) {
    let name = case.file_name().unwrap().to_str().unwrap();
    let database = Database::fresh();
    database.psql(&fs::read_to_string(case.join("before.sql")).unwrap());
    let place = Scratch::new();
    let folder = place.path().join(name);
    copy(case, &folder);
    let places = [(folder.display().to_string(), name), (place.path().display().to_string(), "<folder>")];
    let commands = fs::read_to_string(case.join("commands")).unwrap();
    let (mut printed, mut codes) = (String::new(), String::new());
    for line in commands.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        printed += &format!("$ {line}\n");
        match line.split_once(' ') {
            Some(("pgfold", words)) => {
                let words = words.split_whitespace().map(|w| w.replace('@', &folder.display().to_string()));
                let done = Pgfold::new(&database).env("PGTZ", "UTC").args(words).cwd(place.path()).run();
                codes += &format!("{}\n", done.code);
                printed += &printable(&done.stdout, &places);
                if done.code != 0 {
                    printed += &format!("---- stderr\n{}", done.stderr);
                }
            }
            Some(("psql", sql)) => printed += &database.try_psql(sql).unwrap_or_else(|stderr| stderr),
            _ => panic!("{name}: a command is `pgfold …` or `psql SQL`, not `{line}`"),
        }
    }
    let printed: String = redact::text(&printed, &places).lines().map(|line| format!("{}\n", squeezed(line))).collect();
    expect_file![case.join("stdout")].assert_eq(&printed);
    expect_file![case.join("exit")].assert_eq(&codes);
}

/// JSON without its measurements; every other text as it is.
fn printable(stdout: &str, places: &[(String, &str)]) -> String {
    match serde_json::from_str::<Value>(stdout) {
        Ok(mut value) if value.is_object() => {
            redact::json(&mut value, "", places);
            format!("{value:#}\n")
        }
        _ => stdout.to_owned(),
    }
}

/// The width of a table's columns changes with the durations in it.
fn squeezed(line: &str) -> String {
    let mut out = String::new();
    for c in line.chars() {
        let within = !out.trim_start().is_empty();
        if !(within && out.ends_with(c) && [' ', '─'].contains(&c)) {
            out.push(c);
        }
    }
    out.trim_end().to_owned()
}

//! Generated consolidations, valid by construction: each ends with all its checks passed, or changes nothing and says why;
//! and a mistake in a manifest is answered with the right name first.
//!
//! The long part: `cargo test --release --test it thousand -- --ignored --nocapture` (PGFOLD_SEED=7 replays one,
//! PGFOLD_SEEDS=1-250 a part).

#![expect(clippy::print_stdout, reason = "the seeds and the counts belong to the test's output")]

mod generate;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::ground::json;
use super::harness::{Database, Scratch, pgfold};
use crate::property::random::Random;
use generate::{Made, made};

#[derive(Debug, Default)]
struct Tally {
    whole: u64,
    /// Seeds that did not end with every check passed, and changed nothing.
    refused: BTreeMap<u64, String>,
    /// Seeds that broke a promise.
    broken: BTreeMap<u64, String>,
    right: u64,
    mistakes: u64,
    /// Mistakes whose first suggestion was not the right one.
    missed: Vec<String>,
}

#[test]
fn generated_consolidations_end_whole_or_change_nothing() {
    let tally = all(1, 25);
    assert!(tally.refused.is_empty() && tally.broken.is_empty(), "{tally:#?}");
    assert!(tally.right * 10 >= tally.mistakes * 9 && tally.mistakes >= 50, "{tally:#?}");
}

#[test]
#[ignore = "half an hour: cargo test --release --test it thousand -- --ignored --nocapture"]
fn of_a_thousand_generated_consolidations_nearly_all_end_whole() {
    let seeds = std::env::var("PGFOLD_SEEDS").ok();
    let (first, last) = match seeds.as_deref().and_then(|s| s.split_once('-')) {
        Some((first, last)) => (first.parse().unwrap(), last.parse().unwrap()),
        None => (1, 1000),
    };
    let tally = all(first, last);
    let cases = last + 1 - first;
    println!(
        "{} of {cases} whole, {} refused without a change, {} of {} first suggestions right",
        tally.whole,
        tally.refused.len(),
        tally.right,
        tally.mistakes
    );
    assert!(tally.broken.is_empty(), "{tally:#?}");
    assert!(tally.whole * 1000 >= cases * 995, "{tally:#?}");
    assert!(tally.right * 10 >= tally.mistakes * 9, "{tally:#?}");
}

fn all(first: u64, last: u64) -> Tally {
    let (first, last) = match std::env::var("PGFOLD_SEED").ok().and_then(|s| s.parse().ok()) {
        Some(seed) => (seed, seed),
        None => (first, last),
    };
    println!("seeds {first} to {last}");
    let (next, tally) = (AtomicU64::new(first), Mutex::new(Tally::default()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed > last {
                        break;
                    }
                    one(seed, &tally);
                }
            });
        }
    });
    tally.into_inner().unwrap()
}

fn one(seed: u64, tally: &Mutex<Tally>) {
    let made = made(seed);
    let folder = Scratch::new();
    written(folder.path(), &made, None);
    if std::env::var("PGFOLD_SEED").is_ok() {
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("consolidation-{seed}"));
        written(&kept, &made, None);
        std::fs::write(kept.join("before.txt"), &made.before).unwrap();
        println!("kept in {}", kept.display());
    }
    let database = Database::fresh();
    if let Err(why) = database.try_psql(&format!("set client_min_messages = error;\n{}", made.before)) {
        tally.lock().unwrap().broken.insert(seed, format!("the generator's own SQL: {why}"));
        return;
    }
    mistaken(seed, &made, &database, tally);
    let picture = || (database.schema_dump(), database.structure_digest(), database.rows_digest());
    let before = picture();
    let path = folder.path().display().to_string();
    let done = pgfold(&database, &["apply", &path, "--yes", "--quiet"]);
    let mut tally = tally.lock().unwrap();
    if done.code == 0 && done.stdout.contains("7 of 7 checks passed") {
        tally.whole += 1;
        drop(tally);
        if seed.is_multiple_of(10) {
            pgfold(&database, &["rollback", &path, "--level", "schema", "--execute", "--yes"]).expect(0);
            assert_eq!(picture(), before, "seed {seed}: the rollback does not bring back the state before");
        }
        return;
    }
    let why = format!("exit {}: {}{}", done.code, done.stdout, done.stderr);
    let named = done.stderr.contains("error: ");
    if picture() == before && named {
        tally.refused.insert(seed, why)
    } else {
        tally.broken.insert(seed, why)
    };
}

fn written(folder: &Path, made: &Made, instead: Option<&str>) {
    for (name, text) in &made.files {
        let file = folder.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        let manifest = name == "consolidation.toml";
        std::fs::write(file, instead.filter(|_| manifest).unwrap_or(text)).unwrap();
    }
}

/// Three mistakes in the manifest, one at a time: is the first name that is suggested the one that was meant?
fn mistaken(seed: u64, made: &Made, database: &Database, tally: &Mutex<Tally>) {
    let manifest = &made.files.iter().find(|(name, _)| name == "consolidation.toml").unwrap().1;
    let r = &mut Random::new(seed ^ 0xbad);
    for _ in 0..3 {
        let named = r.pick(&made.names);
        let wrong = slip(r, &named.name);
        if wrong == named.name || manifest.contains(&wrong) || !manifest.contains(&named.around) {
            continue;
        }
        let around = named.around.replacen(&named.name, &wrong, 1);
        let folder = Scratch::new();
        written(folder.path(), made, Some(&manifest.replacen(&named.around, &around, 1)));
        let done = pgfold(database, &["doctor", &folder.path().display().to_string(), "--format", "json"]);
        if done.stdout.is_empty() {
            tally.lock().unwrap().broken.insert(seed, done.stderr);
            return;
        }
        let told = json(&done);
        let fixes = told["findings"].as_array().unwrap().iter().map(|f| &f["fix"]);
        let first = fixes.filter(|f| f["wrong"] == wrong).map(|f| f["right"][0].clone()).next();
        let mut tally = tally.lock().unwrap();
        tally.mistakes += 1;
        if first == Some(named.name.as_str().into()) {
            tally.right += 1;
        } else {
            tally.missed.push(format!("seed {seed}: `{wrong}` for `{}`: {first:?} ({around})", named.name));
        }
    }
}

/// What people write in place of a name: a slip of the finger, or the name it had before.
fn slip(r: &mut Random, name: &str) -> String {
    let mut chars: Vec<char> = name.chars().collect();
    let at = 1 + r.below(chars.len() - 2);
    match r.below(7) {
        0 => drop(chars.remove(at)),
        1 => chars.insert(at, chars[at]),
        2 => chars.swap(at, at + 1),
        3 => chars[at] = *r.pick(&['a', 'e', 'k', 's', 'x']),
        4 => return name.replace('_', ""),
        5 => return format!("{name}{}", r.pick(&["_text", "_old", "s", "_1"])),
        _ => {
            return match name.rsplit_once('_') {
                Some((head, _)) if head.len() > 3 => head.to_owned(),
                _ => format!("the_{name}"),
            };
        }
    }
    chars.into_iter().collect()
}

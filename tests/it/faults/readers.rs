//! The application's readers while a run is made and taken back: they succeed, and none waits over a second for a lock.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use super::chance::say;
use super::{call, consolidation};
use crate::ground::legacy_with;
use crate::harness::{Database, cluster};

const PHASES: [&[&str]; 4] = [
    &["apply", "--yes", "--workers", "2", "--batch-rows", "200"],
    &["rollback", "--level", "rows", "--execute", "--yes"],
    &["rollback", "--level", "purge", "--execute", "--yes"],
    &["rollback", "--level", "schema", "--execute", "--yes"],
];

/// The consolidation's application queries that run before it is applied, too.
fn queries(database: &Database) -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/sql/agents/queries");
    let mut all: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "sql"))
        .map(|p| std::fs::read_to_string(p).unwrap().trim().trim_end_matches(';').to_owned())
        .filter(|q| database.try_psql(&format!("{q};")).is_ok())
        .collect();
    all.extend(
        [
            "select count(*) from agents",
            "select name from agents where is_active order by name limit 20",
            "select count(*) from ai_agents a join dh_agent d on d.name = a.name",
        ]
        .map(str::to_owned),
    );
    all
}

/// Reads until it is told to stop; how often it asked and each refusal, by phase.
fn read(database: &Database, queries: &[String], phase: &AtomicUsize, stop: &AtomicBool) -> Vec<(u64, Vec<String>)> {
    let mut psql: Command = cluster().programs().command("psql");
    psql.args(["-X", "-q", "-A", "-t", "-d"]).arg(database.url());
    let mut child = psql.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    // a wait of over a second for a lock is an error
    writeln!(input, "set lock_timeout = '1s';").unwrap();
    let mut asked = vec![(0, Vec::new()); PHASES.len()];
    while !stop.load(Ordering::Relaxed) {
        for query in queries {
            let now = phase.load(Ordering::Relaxed);
            writeln!(input, "{query};\n\\echo answered :SQLSTATE").unwrap();
            let answer = lines.by_ref().map(Result::unwrap).find(|l| l.starts_with("answered ")).unwrap();
            asked[now].0 += 1;
            if answer != "answered 00000" {
                asked[now].1.push(answer);
            }
        }
    }
    drop(input);
    child.wait().unwrap();
    asked
}

#[test]
fn eight_readers_succeed_while_a_run_is_made_and_taken_back() {
    let database = legacy_with(2000);
    let queries = queries(&database);
    assert!(queries.len() > 3, "{queries:?}");
    let (phase, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let all = thread::scope(|scope| {
        let readers: Vec<_> = (0..8).map(|_| scope.spawn(|| read(&database, &queries, &phase, &stop))).collect();
        for (n, arguments) in PHASES.iter().enumerate() {
            phase.store(n, Ordering::Relaxed);
            let mut arguments = arguments.to_vec();
            arguments.insert(1, consolidation());
            let done = call(&database.url(), &arguments);
            if !matches!(done.code, 0 | 5) {
                stop.store(true, Ordering::Relaxed);
                panic!("{arguments:?}: exit {}\n{}\n{}", done.code, done.stdout, done.stderr);
            }
        }
        stop.store(true, Ordering::Relaxed);
        readers.into_iter().map(|r| r.join().unwrap()).collect::<Vec<_>>()
    });
    for (n, arguments) in PHASES.iter().enumerate() {
        let asked: u64 = all.iter().map(|r| r[n].0).sum();
        let refused: Vec<&String> = all.iter().flat_map(|r| &r[n].1).collect();
        say(&format!(
            "{} {}: {asked} queries, {} refused",
            arguments[0],
            arguments.get(2).unwrap_or(&""),
            refused.len()
        ));
        assert!(asked >= 100, "{arguments:?}: only {asked} queries");
        assert!(
            refused.len() as u64 * 1000 <= asked,
            "{arguments:?}: {} of {asked} refused: {refused:?}",
            refused.len()
        );
        assert!(!refused.iter().any(|r| r.ends_with("55P03")), "{arguments:?}: a reader waited over a second");
    }
}

#[test]
fn the_readers_notice_a_lock_that_keeps_them_waiting() {
    let database = legacy_with(2000);
    let (phase, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let queries = ["select count(*) from agents".to_owned()];
    let asked = thread::scope(|scope| {
        let reader = scope.spawn(|| read(&database, &queries, &phase, &stop));
        database.psql("begin; lock table agents in access exclusive mode; select pg_sleep(2.5); commit");
        stop.store(true, Ordering::Relaxed);
        reader.join().unwrap()
    });
    assert!(asked[0].1.iter().any(|r| r.ends_with("55P03")), "{asked:?}");
}

//! Nothing is lost under faults: cut connections, killed tools, crashed servers, two operators at once.
//!
//! Seeds are printed; `PGFOLD_FAULT_SEED=…` replays them, `PGFOLD_FAULT_AT=before:123` (or `after:123`) replays one
//! cut. The long part: `make faults`.

pub mod chance;
mod deadlocks;
mod doctor;
mod obstacles;
mod online;
mod parts;
#[cfg(feature = "planted")]
mod planted;
mod pooler;
mod promises;
mod readers;
mod servers;
mod sizes;
mod proxy;
mod standby;
mod state;
mod stops;
mod undoing;

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex};
use std::thread;
use std::time::Duration;

use super::harness::{Database, Finished, Pgfold, Started, cluster, copy};
use chance::{Chance, number, say};
use proxy::{Cut, Proxy};

const SCHEMA: &str = include_str!("../../sql/demo/legacy_schema.sql");
const ROWS: &str = include_str!("../../sql/demo/legacy_rows.sql");
/// Seven batches in two sources, nine enhancements, two mappings.
fn apply() -> [&'static str; 7] {
    ["apply", consolidation(), "--yes", "--workers", "2", "--batch-rows", "5"]
}

fn resume() -> [&'static str; 3] {
    ["resume", consolidation(), "--yes"]
}

/// The bundled consolidation with one application query: how fast queries are is not asked on a busy machine.
pub fn consolidation() -> &'static str {
    static FOLDER: LazyLock<String> = LazyLock::new(|| {
        let folder =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("faults-{}", std::process::id())).join("agents");
        copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("sql/agents"), &folder);
        fs::remove_dir_all(folder.join("queries")).unwrap();
        fs::create_dir(folder.join("queries")).unwrap();
        fs::write(folder.join("queries/how_many.sql"), "select count(*) from agents\n").unwrap();
        folder.to_str().unwrap().to_owned()
    });
    &FOLDER
}

pub fn demo() -> Database {
    Database::from_sql("faults demo", &[SCHEMA, ROWS])
}

fn socket() -> PathBuf {
    cluster().socket_dir().join(format!(".s.PGSQL.{}", cluster().port()))
}

/// The state after an undisturbed run, and how many messages that took.
static UNDISTURBED: LazyLock<(String, u64)> = LazyLock::new(|| {
    let database = demo();
    let proxy = Proxy::start(socket(), Cut::Never);
    Pgfold::without_database().env("DATABASE_URL", proxy.url(database.name())).args(apply()).run().expect(0);
    let messages = proxy.messages();
    say(&format!("an undisturbed run takes {messages} messages"));
    (database.psql(&[state::TARGET, state::LEDGER].concat()), messages)
});

/// Carries on as a DBA would until the run is done; how often a command was needed after the first.
fn carry_on(url: &str, runs: impl Fn() -> u64, first: Finished, what: &str) -> u32 {
    let mut last = first;
    for more in 0..6 {
        match last.code {
            0 => return more,
            // a query slower than its baseline on a busy machine
            5 if last.stderr.contains("check 7") && !last.stderr.contains("check 1") => {
                last = call(url, &["validate", consolidation()]);
            }
            4 if runs() == 0 => last = call(url, &apply()),
            7 | 8 | 137 => {
                last = call(url, &resume());
            }
            code => panic!("{what}: exit {code}\n{}\n{}", last.stdout, last.stderr),
        }
    }
    panic!("{what}: does not come to an end: exit {}\n{}\n{}", last.code, last.stdout, last.stderr);
}

fn call(url: &str, arguments: &[&str]) -> Finished {
    Pgfold::without_database().env("DATABASE_URL", url).args(arguments).run()
}

/// Runs of the ledger; none where there is no ledger.
const RUNS: &str = "select case when to_regclass('pgfold.run') is null then '0' else (xpath('/row/c/text()', query_to_xml('select count(*) as c from pgfold.run', false, true, '')))[1]::text end";

fn runs(database: &Database) -> u64 {
    database.value(RUNS).parse().unwrap()
}

fn as_undisturbed(database: &Database, what: &str) {
    let is = database.psql(&[state::TARGET, state::LEDGER].concat());
    let difference = state::difference(&is, &UNDISTURBED.0);
    assert!(difference.is_empty(), "{what}: not as after an undisturbed run:\n{difference}");
}

/// One cut; whether the same process came to a good end.
fn survives(cut: Cut) -> bool {
    let database = demo();
    let proxy = Proxy::start(socket(), cut);
    let first = Pgfold::without_database().env("DATABASE_URL", proxy.url(database.name())).args(apply()).run();
    let well = matches!(first.code, 0 | 5);
    if !well {
        let last: Vec<&str> = first.stderr.lines().rev().take(2).collect();
        say(&format!("{cut:?}: exit {}: {}", first.code, last.join(" | ")));
    }
    let what = format!("{cut:?}");
    carry_on(&database.url(), || runs(&database), first, &what);
    as_undisturbed(&database, &what);
    well
}

/// Cuts at all of these, three at a time; at least 95 of 100 must end well in the same process, the rest by a command.
fn survive_all(cuts: Vec<Cut>) {
    let all = cuts.len();
    let queue = Mutex::new(VecDeque::from(cuts));
    let done = AtomicUsize::new(0);
    let well = thread::scope(|scope| {
        let hands: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    let mut well = 0;
                    loop {
                        let Some(cut) = queue.lock().unwrap().pop_front() else { return well };
                        well += usize::from(survives(cut));
                        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                        if done.is_multiple_of(100) {
                            say(&format!("{done} of {all} cuts"));
                        }
                    }
                })
            })
            .collect();
        hands.into_iter().map(|h| h.join().unwrap()).sum::<usize>()
    });
    let share = well as f64 * 100.0 / all as f64;
    say(&format!(
        "{well} of {all} cuts ended well in the same process ({share:.1} %), the other {} by `pgfold resume`; each as undisturbed",
        all - well
    ));
    assert!(well * 100 >= all * 95, "only {well} of {all} cuts ended well in the same process");
}

fn replayed() -> Option<Cut> {
    let at = std::env::var("PGFOLD_FAULT_AT").ok()?;
    let (side, n) = at.split_once(':')?;
    let n = n.parse().ok()?;
    Some(if side == "before" { Cut::Before(n) } else { Cut::After(n) })
}

#[test]
fn a_cut_at_any_message_leaves_what_an_undisturbed_run_leaves() {
    if let Some(cut) = replayed() {
        survives(cut);
        return;
    }
    let mut chance = Chance::new("cuts");
    let most = UNDISTURBED.1;
    let points = number("PGFOLD_FAULT_POINTS").unwrap_or(60);
    // one in each stretch of the run, on alternating sides
    let cut = |i: u64, chance: &mut Chance| {
        let n = 1 + i * most / points + chance.below((most / points).max(1));
        if i.is_multiple_of(2) { Cut::Before(n) } else { Cut::After(n) }
    };
    survive_all((0..points).map(|i| cut(i, &mut chance)).collect());
}

#[test]
#[ignore = "long: every message, before and after"]
fn a_cut_before_and_after_every_message_leaves_what_an_undisturbed_run_leaves() {
    // at least a thousand points; PGFOLD_FAULT_POINTS=0 takes every one
    let step = match number("PGFOLD_FAULT_POINTS").unwrap_or(1000) {
        0 => 1,
        points => (UNDISTURBED.1 * 2 / points).max(1),
    };
    let all = (1..=UNDISTURBED.1).flat_map(|n| [Cut::Before(n), Cut::After(n)]);
    survive_all(all.step_by(step as usize).collect());
}

/// Where pgfold reaches a database.
type Way<'a> = &'a (dyn Fn(&Database) -> String + Sync);

fn straight(database: &Database) -> String {
    database.url()
}

fn started(url: &str, arguments: &[&str]) -> Started {
    Pgfold::without_database().env("DATABASE_URL", url).args(arguments).start()
}

fn kills(times: u64, way: Way) {
    let mut chance = Chance::new("kills");
    let whens: Vec<u64> = (0..times).map(|_| chance.below(1600)).collect();
    let queue = Mutex::new(VecDeque::from(whens));
    let (before, under_way, after) = (AtomicU32::new(0), AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                loop {
                    let Some(when) = queue.lock().unwrap().pop_front() else { return };
                    let database = demo();
                    let url = way(&database);
                    let started = started(&url, &apply());
                    // every other one is sure to meet a run, however slowly it begins
                    let once_open = when % 2 == 1;
                    while once_open && runs(&database) == 0 {
                        thread::sleep(Duration::from_millis(10));
                    }
                    thread::sleep(Duration::from_millis(if once_open { when / 2 } else { when }));
                    let what = format!("killed after {when} ms{}", if once_open { " / 2 of its run" } else { "" });
                    let killed = started.kill();
                    let met = match (killed.code, runs(&database)) {
                        (0, _) => &after,
                        (_, 0) => &before,
                        _ => &under_way,
                    };
                    met.fetch_add(1, Ordering::Relaxed);
                    carry_on(&url, || runs(&database), killed, &what);
                    as_undisturbed(&database, &what);
                }
            });
        }
    });
    let [before, under_way, after] = [before, under_way, after].map(|n| n.into_inner());
    say(&format!(
        "{times} kills: {under_way} met a run, {before} came before it, {after} after its end; each as undisturbed"
    ));
    assert!(under_way > 0, "no kill met a run");
}

#[test]
fn a_killed_run_is_resumed() {
    kills(number("PGFOLD_FAULT_POINTS").unwrap_or(15), &straight);
}

#[test]
#[ignore = "long: 300 kills"]
fn three_hundred_killed_runs_are_resumed() {
    kills(300, &straight);
}

fn races(times: u64, way: Way) {
    let mut chance = Chance::new("races");
    let whole = demo();
    pgfold_twice(&whole);
    let should = whole.psql(state::TARGET);
    for race in 0..times {
        let database = demo();
        let url = way(&database);
        let one = started(&url, &apply());
        thread::sleep(Duration::from_millis(chance.below(1500)));
        // every third takes over from a living operator, every fifth operator is killed meanwhile
        let take_over = race.is_multiple_of(3);
        let mut arguments: Vec<&str> = if race.is_multiple_of(2) { apply().to_vec() } else { resume().to_vec() };
        if take_over {
            arguments.push("--take-over");
        }
        let other = started(&url, &arguments);
        thread::sleep(Duration::from_millis(chance.below(400)));
        let one = if race.is_multiple_of(5) { one.kill() } else { one.wait() };
        let other = other.wait();
        let what = format!("race {race} ({arguments:?}): exits {} and {}", one.code, other.code);
        let killed = race.is_multiple_of(5);
        // done, or refused because the other holds it, or stopped by the one that took over, or killed
        let one_may = [Some(0), Some(5), Some(7), take_over.then_some(8), killed.then_some(137)];
        // nothing to resume yet, or no more; or a run that is under way, which `resume` takes over and no other begins beside
        let nothing = (take_over || !race.is_multiple_of(2)).then_some(4);
        let other_may = [Some(0), Some(5), Some(7), nothing];
        for (code, may) in [(one.code, &one_may[..]), (other.code, &other_may)] {
            assert!(may.contains(&Some(code)), "{what}\n{}\n{}", one.stderr, other.stderr);
        }
        // whoever is left ends it
        let mut last = call(&url, &resume());
        if last.code == 4 {
            last = call(&url, &apply());
        }
        assert!(matches!(last.code, 0 | 5), "{what}: then {}\n{}", last.code, last.stderr);
        let is = database.psql(&[state::TARGET, state::ONCE].concat());
        let difference = state::difference(&is, &should);
        assert!(difference.is_empty(), "{what}:\n{difference}");
    }
}

fn pgfold_twice(database: &Database) {
    for _ in 0..2 {
        call(&database.url(), &apply()).expect(0);
    }
}

#[test]
fn two_operators_leave_each_row_once() {
    races(number("PGFOLD_FAULT_POINTS").unwrap_or(8), &straight);
}

#[test]
#[ignore = "long: 150 races"]
fn a_hundred_and_fifty_races_leave_each_row_once() {
    races(150, &straight);
}

//! Servers that stop at once, and operators who cancel and terminate.

use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use pgfold::embedded::{Mode, Options, Server};

use super::chance::{Chance, number};
use super::{RUNS, UNDISTURBED, apply, carry_on, demo, state};
use crate::harness::{Pgfold, copy, programs};

/// psql on a server of the test's own.
fn psql(server: &Server, database: &str, script: &str) -> String {
    let mut psql = server.programs().command("psql");
    psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d"]).arg(server.url(database));
    run(psql.args(["-f", "-"]), script)
}

fn run(command: &mut Command, input: &str) -> String {
    use std::io::Write as _;
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = thread::spawn(move || {
        let _ = stdin.write_all(input.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success(), "psql: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn crashes(times: u64) {
    let mut chance = Chance::new("immediate stops");
    let options = Options { durable: true, programs: Some(programs().to_owned()), ..Options::default() };
    let mut server = Server::start(&options).unwrap();
    psql(&server, "postgres", "create database origin");
    psql(&server, "origin", &[super::SCHEMA, super::ROWS].concat());
    for crash in 0..times {
        let name = format!("crash_{crash}");
        psql(&server, "postgres", &format!("create database {name} template origin"));
        let url = server.url(&name);
        let started = Pgfold::without_database().env("DATABASE_URL", &url).args(apply()).start();
        let when = 50 + chance.below(1500);
        thread::sleep(Duration::from_millis(when));
        server.stop(Mode::Immediate).unwrap();
        thread::sleep(Duration::from_millis(chance.below(300)));
        server.restart().unwrap();
        let what = format!("the server stopped after {when} ms");
        let runs = || psql(&server, &name, RUNS).trim().parse().unwrap();
        carry_on(&url, runs, started.wait(), &what);
        let is = psql(&server, &name, &[state::TARGET, state::LEDGER].concat());
        let difference = state::difference(&is, &UNDISTURBED.0);
        assert!(difference.is_empty(), "{what}:\n{difference}");
    }
}

#[test]
fn a_server_that_crashes_loses_nothing() {
    crashes(number("PGFOLD_FAULT_POINTS").unwrap_or(4));
}

#[test]
#[ignore = "long: 40 immediate stops"]
fn forty_servers_that_crash_lose_nothing() {
    crashes(40);
}

/// Ends or cancels whatever pgfold does on the server, again and again.
fn disturbed_by(statement: &str) -> (i32, String) {
    let database = demo();
    // a batch that takes long enough to be met
    database.psql(
        "create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(0.3); return new; end';
        create trigger slow before insert on agents for each row execute function slow();",
    );
    let folder = slow_consolidation();
    let arguments = ["apply", folder.path().to_str().unwrap(), "--yes", "--batch-rows", "5"];
    let started = Pgfold::new(&database).args(arguments).start();
    for _ in 0..600 {
        thread::sleep(Duration::from_millis(50));
        let met = format!(
            "select count({statement}(pid)) from pg_stat_activity where application_name = 'pgfold' \
             and datname = current_database() and query like '%classified as materialized%' and state = 'active'"
        );
        if database.value("select to_regclass('pgfold.crosswalk') is not null") == "t" {
            database.value(&met);
        }
        if started_is_done(&started) {
            break;
        }
    }
    let ended = started.wait();
    assert_eq!(
        database.value(
            "select count(*) from pg_stat_activity where application_name = 'pgfold' and datname = current_database()"
        ),
        "0"
    );
    assert_eq!(database.value("select string_agg(distinct state, ',') from pgfold.run"), "stopped");
    database.psql("drop trigger slow on agents");
    (ended.code, ended.stderr)
}

fn started_is_done(started: &crate::harness::Started) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", started.pid())).unwrap_or_default();
    stat.is_empty() || stat.contains(") Z ")
}

/// The consolidation of the faults, with the slow trigger accepted.
pub fn slow_consolidation() -> crate::harness::Scratch {
    let scratch = crate::harness::Scratch::new();
    copy(super::consolidation(), scratch.path());
    let manifest = scratch.path().join("consolidation.toml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    assert!(text.contains("triggers           = ["));
    std::fs::write(&manifest, text.replace("triggers           = [", "triggers           = [\"slow\", ")).unwrap();
    scratch
}

#[test]
fn an_operator_who_cancels_is_believed() {
    let (code, stderr) = disturbed_by("pg_cancel_backend");
    assert_eq!(code, 8, "{stderr}");
    assert!(stderr.contains("somebody cancelled it on the server"), "{stderr}");
    assert!(stderr.contains("pgfold resume"), "{stderr}");
}

#[test]
fn an_operator_who_terminates_twice_is_believed() {
    let (code, stderr) = disturbed_by("pg_terminate_backend");
    assert_eq!(code, 8, "{stderr}");
    assert!(stderr.contains("twice"), "{stderr}");
}

//! A full disk: a clear word, the right code, and a way on once there is room.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use pgfold::embedded::{Options, Server};

use super::chance::say;
use super::{apply, call, consolidation, resume};
use crate::harness::{Scratch, programs};

pub fn try_psql(server: &Server, url: &str, script: &str) -> Result<String, String> {
    let mut psql = server.programs().command("psql");
    psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", script]);
    let output = psql.stdin(Stdio::null()).output().unwrap();
    let out = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
    if output.status.success() { Ok(out) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

pub fn psql(server: &Server, database: &str, script: &str) -> String {
    try_psql(server, &server.url(database), script).unwrap_or_else(|e| panic!("{e}\n{script}"))
}

pub fn server() -> Server {
    Server::start(&Options { programs: Some(programs().to_owned()), ..Options::default() }).unwrap()
}

/// A folder that belongs to whoever the server runs as.
pub fn give(folder: &Path, server: &Server) {
    let owner = Command::new("chown").arg("--reference").arg(server.data_dir()).arg(folder).status().unwrap();
    assert!(owner.success());
}

#[test]
fn a_full_disk_stops_the_run_and_room_lets_it_go_on() {
    // a file system of its own, in a mount namespace that goes with the process
    let may = Command::new("unshare").args(["-m", "true"]).status().is_ok_and(|s| s.success());
    if !may {
        say("NOT EVALUATED: no right to mount a small file system here");
        return;
    }
    let scratch = Scratch::new();
    let script = "mount -t tmpfs -o size=64m,mode=755 none \"$0\" && exec \"$@\"";
    let mut inner = Command::new("unshare");
    inner.args(["-m", "sh", "-c", script]).arg(scratch.path()).arg(std::env::current_exe().unwrap());
    inner.args(["--ignored", "--exact", "faults::servers::inside_a_small_file_system", "--nocapture"]);
    inner.env("PGFOLD_SMALL_DISK", scratch.path()).env("RUST_BACKTRACE", "0");
    let output = inner.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("the disk was full"), "{said}");
}

#[test]
#[ignore = "run by the test of the full disk, in a file system of its own"]
fn inside_a_small_file_system() {
    let Some(disk) = std::env::var_os("PGFOLD_SMALL_DISK").map(PathBuf::from) else { return };
    let server = server();
    let place = disk.join("space");
    std::fs::create_dir(&place).unwrap();
    give(&place, &server);
    psql(&server, "postgres", &format!("create tablespace small location '{}'", place.display()));
    psql(&server, "postgres", "create database small tablespace small");
    let url = server.url("small");
    for text in [super::SCHEMA, super::ROWS] {
        try_psql(&server, &url, text).unwrap();
    }
    let many = format!("set demo.rows = 6000;\n{}", include_str!("../../../sql/demo/many.sql"));
    try_psql(&server, &url, &many).unwrap();
    try_psql(&server, &url, "checkpoint").unwrap();
    // all but a little is taken
    let filler = disk.join("filler");
    let free = Command::new("df").args(["-B1", "--output=avail"]).arg(&disk).output().unwrap();
    let free: u64 = String::from_utf8_lossy(&free.stdout).lines().nth(1).unwrap().trim().parse().unwrap();
    std::fs::write(&filler, vec![1; (free - 6_000_000) as usize]).unwrap();
    let stopped = call(&url, &apply()).expect(8);
    assert!(stopped.stderr.contains("53100"), "{}", stopped.stderr);
    assert!(stopped.stderr.contains("pgfold resume"), "{}", stopped.stderr);
    // the ledger lies on the same disk: it may have no room even for the word that the run stopped
    let state = try_psql(&server, &url, "select string_agg(state, ',') from pgfold.run").unwrap();
    assert!(matches!(state.as_str(), "stopped" | "executing"), "{state}");
    let told = call(&url, &["status", consolidation()]).expect(0).stdout;
    assert!(told.contains("pgfold resume"), "{state}: {told}");
    say("the disk was full");
    std::fs::remove_file(&filler).unwrap();
    let done = call(&url, &resume());
    assert!(matches!(done.code, 0 | 5), "{}", done.stderr);
    assert_eq!(try_psql(&server, &url, "select string_agg(state, ',') from pgfold.run").unwrap(), "completed");
    let lost = "select count(*) from dh_agent l where not exists (select from pgfold.crosswalk x where x.source = 'dh_agent' and x.id = l.id::text)";
    assert_eq!(try_psql(&server, &url, lost).unwrap(), "0");
}

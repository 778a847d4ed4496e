//! A full disk, a standby that lags, a standby instead of the primary: a clear word, the right code, and a way on.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use pgfold::embedded::{Options, Server};

use super::chance::say;
use super::{apply, call, consolidation, resume, state};
use crate::harness::{Finished, Pgfold, Scratch, programs};

fn try_psql(server: &Server, url: &str, script: &str) -> Result<String, String> {
    let mut psql = server.programs().command("psql");
    psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", script]);
    let output = psql.stdin(Stdio::null()).output().unwrap();
    let out = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
    if output.status.success() { Ok(out) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

fn psql(server: &Server, database: &str, script: &str) -> String {
    try_psql(server, &server.url(database), script).unwrap_or_else(|e| panic!("{e}\n{script}"))
}

fn server() -> Server {
    Server::start(&Options { programs: Some(programs().to_owned()), ..Options::default() }).unwrap()
}

/// A folder that belongs to whoever the server runs as.
fn give(folder: &Path, server: &Server) {
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
    assert_eq!(try_psql(&server, &url, "select string_agg(state, ',') from pgfold.run").unwrap(), "stopped");
    say("the disk was full");
    std::fs::remove_file(&filler).unwrap();
    let done = call(&url, &resume());
    assert!(matches!(done.code, 0 | 5), "{}", done.stderr);
    assert_eq!(try_psql(&server, &url, "select string_agg(state, ',') from pgfold.run").unwrap(), "completed");
    let lost = "select count(*) from dh_agent l where not exists (select from pgfold.crosswalk x where x.source = 'dh_agent' and x.id = l.id::text)";
    assert_eq!(try_psql(&server, &url, lost).unwrap(), "0");
    let _ = state::ONCE;
}

/// A streaming standby of the server; gone with it.
struct Standby {
    child: Child,
    folder: PathBuf,
    _scratch: Scratch,
}

impl Standby {
    fn of(primary: &Server) -> Standby {
        let scratch = Scratch::new();
        let folder = scratch.path().join("standby");
        std::fs::create_dir(&folder).unwrap();
        give(scratch.path(), primary);
        give(&folder, primary);
        let as_owner = |program: &str| {
            let mut command = if std::fs::metadata("/proc/self")
                .is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0)
            {
                let mut command = Command::new("setpriv");
                command.args(["--pdeathsig", "KILL", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]);
                command.arg(primary.programs().path(program));
                command
            } else {
                Command::new(primary.programs().path(program))
            };
            command.stdin(Stdio::null()).stdout(Stdio::null());
            command
        };
        let mut copy = as_owner("pg_basebackup");
        copy.args(["-R", "-c", "fast", "-X", "stream", "-D"]).arg(&folder).arg("-d").arg(primary.url("postgres"));
        let copied = copy.stderr(Stdio::piped()).output().unwrap();
        assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
        std::fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        let mut command = as_owner("postgres");
        command.arg("-D").arg(&folder).arg("-k").arg(&folder).args(["-c", "listen_addresses=", "-p", "5433"]);
        let child = command.stderr(Stdio::null()).spawn().unwrap();
        let standby = Standby { child, folder, _scratch: scratch };
        for _ in 0..200 {
            if try_psql(primary, &standby.url("postgres"), "select 1").is_ok() {
                return standby;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("the standby does not start");
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@/{database}?host={}&port=5433", self.folder.display())
    }
}

impl Drop for Standby {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn demo_on(server: &Server) {
    psql(server, "postgres", "create database legacy");
    for text in [super::SCHEMA, super::ROWS] {
        psql(server, "legacy", text);
    }
}

#[test]
fn a_standby_is_refused_and_a_lagging_one_is_waited_for() {
    let primary = server();
    demo_on(&primary);
    let standby = Standby::of(&primary);
    let there = standby.url("legacy");
    // refused with the reason, whatever is asked of it
    let told: Finished = call(&there, &["doctor", consolidation()]).expect(4);
    assert!(told.stdout.contains("replica") || told.stdout.contains("standby"), "{}", told.stdout);
    let refused = call(&there, &apply()).expect(4);
    assert!(refused.stderr.contains("replica") || refused.stderr.contains("standby"), "{}", refused.stderr);
    let dry = call(&there, &["migrate", consolidation(), "--dry-run"]);
    assert_eq!(dry.code, 0, "{}", dry.stderr);
    assert_eq!(psql(&primary, "legacy", "select to_regnamespace('pgfold') is null"), "t");
    // a standby that stopped replaying holds the run until it goes on
    try_psql(&primary, &standby.url("postgres"), "select pg_wal_replay_pause()").unwrap();
    let mut arguments = apply().to_vec();
    arguments.extend(["--max-lag", "64kB"]);
    let started = Pgfold::without_database().env("DATABASE_URL", primary.url("legacy")).args(&arguments).start();
    thread::sleep(Duration::from_secs(8));
    let committed = "select count(*) from pgfold.batch where committed_at is not null";
    let (one, open) =
        (psql(&primary, "legacy", committed), "select count(*) from pgfold.batch where committed_at is null");
    assert_ne!(psql(&primary, "legacy", open), "0", "nothing waited for the standby");
    thread::sleep(Duration::from_secs(2));
    assert_eq!(psql(&primary, "legacy", committed), one, "batches went on while the standby lagged");
    try_psql(&primary, &standby.url("postgres"), "select pg_wal_replay_resume()").unwrap();
    let done = started.wait();
    assert!(matches!(done.code, 0 | 5), "{}", done.stderr);
    assert!(done.stderr.contains("behind"), "{}", done.stderr);
    let told = call(&primary.url("legacy"), &["doctor", consolidation()]);
    assert!(told.stdout.contains("replica"), "{}", told.stdout);
}

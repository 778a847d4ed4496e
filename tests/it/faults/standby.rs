//! A standby instead of the primary, and one that lags behind it.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use pgfold::embedded::Server;

use super::servers::{give, psql, server, try_psql};
use super::{apply, call, consolidation};
use crate::harness::{Finished, Pgfold, Scratch};

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
        let folder = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://postgres@{folder}:5433/{database}")
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
    let batches = || {
        let count = |which: &str| format!("(select count(*) from pgfold.batch where committed_at is {which})");
        let both = format!("select {} || ' ' || {}", count("not null"), count("null"));
        try_psql(&primary, &primary.url("legacy"), &both).unwrap_or_default()
    };
    let held = (0..60).any(|_| {
        let before = batches();
        thread::sleep(Duration::from_secs(2));
        before.split_once(' ').is_some_and(|(_, open)| open != "0") && batches() == before
    });
    assert!(held, "nothing waited for the standby: {}", batches());
    try_psql(&primary, &standby.url("postgres"), "select pg_wal_replay_resume()").unwrap();
    let done = started.wait();
    assert!(matches!(done.code, 0 | 5), "{}", done.stderr);
    assert!(done.stderr.contains("behind"), "{}", done.stderr);
    let told = call(&primary.url("legacy"), &["doctor", consolidation()]);
    assert!(told.stdout.contains("replica"), "{}", told.stdout);
}

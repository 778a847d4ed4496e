//! PgBouncer in transaction mode: seen, refused with the way around, and harmless for whoever only reads.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use super::{apply, call, consolidation, demo};
use crate::harness::{Database, Scratch, cluster};

struct Bouncer {
    child: Child,
    port: u16,
    _folder: Scratch,
}

/// Debian's package; fetched into the target folder where it is not installed.
fn program() -> PathBuf {
    for there in ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"] {
        if Path::new(there).exists() {
            return there.into();
        }
    }
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pgbouncer");
    let unpacked = cache.join("usr/sbin/pgbouncer");
    if !unpacked.exists() {
        fs::create_dir_all(&cache).unwrap();
        let script = "apt-get download pgbouncer && dpkg -x pgbouncer_*.deb .";
        let fetched = Command::new("sh").args(["-c", script]).current_dir(&cache).status();
        assert!(fetched.is_ok_and(|s| s.success()), "no PgBouncer for the tests: sudo apt-get install -y pgbouncer");
    }
    unpacked
}

impl Bouncer {
    fn start() -> Bouncer {
        let folder = Scratch::new();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let ini = folder.path().join("pgbouncer.ini");
        let socket = cluster().socket_dir().display();
        fs::write(
            &ini,
            format!(
                "[databases]\n* = host={socket} port={} user=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
                 listen_port = {port}\nunix_socket_dir =\nauth_type = any\npool_mode = transaction\n\
                 default_pool_size = 10\nlogfile =\n",
                cluster().port()
            ),
        )
        .unwrap();
        // PgBouncer refuses root
        let mut command = if fs::metadata("/proc/self").unwrap().uid() == 0 {
            let mut command = Command::new("setpriv");
            command.args(["--pdeathsig", "KILL", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]);
            command.arg(program());
            command
        } else {
            Command::new(program())
        };
        let mut child = command.arg("-q").arg(&ini).stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        for _ in 0..100 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Bouncer { child, port, _folder: folder };
            }
            thread::sleep(Duration::from_millis(50));
        }
        let _ = child.kill();
        let said = child.wait_with_output().unwrap();
        panic!("PgBouncer does not start: {}", String::from_utf8_lossy(&said.stderr));
    }

    fn url(&self, database: &Database) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{}?sslmode=disable", self.port, database.name())
    }
}

use std::os::unix::fs::MetadataExt as _;

impl Drop for Bouncer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_pooler_in_transaction_mode_is_refused_with_the_way_around() {
    let database = demo();
    let bouncer = Bouncer::start();
    let url = bouncer.url(&database);
    for _ in 0..3 {
        let refused = call(&url, &apply()).expect(4);
        assert!(refused.stderr.contains("pooler"), "{}", refused.stderr);
        let socket = cluster().socket_dir().display().to_string();
        assert!(refused.stderr.contains(&socket), "the endpoint is not named: {}", refused.stderr);
    }
    assert_eq!(database.value("select to_regnamespace('pgfold') is null"), "t");
    let told = call(&url, &["doctor", consolidation()]).expect(4);
    assert!(told.stdout.contains("pooler in transaction mode"), "{}", told.stdout);
    // a run that was begun on the server itself is not resumed through the pooler
    call(&url, &["resume", consolidation(), "--yes"]).expect(4);
}

#[test]
fn whoever_only_reads_may_come_through_a_pooler() {
    let database = demo();
    let bouncer = Bouncer::start();
    let url = bouncer.url(&database);
    let direct = call(&database.url(), &["migrate", consolidation(), "--dry-run"]).expect(0);
    // several at once share the server's connections: a statement left prepared would collide
    let pooled: Vec<_> = thread::scope(|scope| {
        let hands: Vec<_> =
            (0..6).map(|_| scope.spawn(|| call(&url, &["migrate", consolidation(), "--dry-run"]))).collect();
        hands.into_iter().map(|h| h.join().unwrap()).collect()
    });
    for run in pooled {
        assert_eq!(run.expect(0).stdout, direct.stdout);
    }
    call(&database.url(), &apply()).expect(0);
    call(&url, &["validate", consolidation()]).expect(0);
    call(&url, &["status", consolidation()]).expect(0);
    // nothing of ours stays behind in the server's connections
    let left = call(&url, &["migrate", consolidation(), "--dry-run"]).expect(0);
    assert!(left.stdout.contains("settled"), "{}", left.stdout);
}

#[test]
fn a_session_of_ones_own_is_no_pooler() {
    let database = demo();
    let told = call(&database.url(), &["doctor", consolidation()]).expect(0);
    assert!(told.stdout.contains("sessions stay on one server process"), "{}", told.stdout);
}

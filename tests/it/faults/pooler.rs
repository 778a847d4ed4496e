//! PgBouncer in transaction mode: seen, worked with a transaction at a time, and harmless for whoever only reads.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use super::chance::{Chance, number, say};
use super::proxy::{Cut, Proxy};
use super::{apply, as_undisturbed, call, carry_on, consolidation, demo, runs};
use crate::harness::{Database, Pgfold, Scratch, cluster};

pub struct Bouncer {
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
    pub fn start() -> Bouncer {
        let folder = Scratch::new();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let ini = folder.path().join("pgbouncer.ini");
        let socket = cluster().socket_dir().display();
        fs::write(
            &ini,
            format!(
                "[databases]\n* = host={socket} port={} user=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
                 listen_port = {port}\nunix_socket_dir = {}\nauth_type = any\npool_mode = transaction\n\
                 default_pool_size = 20\nlogfile =\n",
                cluster().port(),
                folder.path().display()
            ),
        )
        .unwrap();
        // PgBouncer refuses root, and puts its socket there
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
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

    pub fn socket(&self) -> PathBuf {
        self._folder.path().join(format!(".s.PGSQL.{}", self.port))
    }

    pub fn url(&self, database: &Database) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{}?sslmode=disable", self.port, database.name())
    }
}

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

impl Drop for Bouncer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_run_through_a_pooler_is_what_a_run_without_one_is() {
    let database = demo();
    let bouncer = Bouncer::start();
    let url = bouncer.url(&database);
    let told = call(&url, &["doctor", consolidation()]).expect(0);
    assert!(told.stdout.contains("pooler in transaction mode"), "{}", told.stdout);
    let socket = cluster().socket_dir().display().to_string();
    assert!(told.stdout.contains(&socket), "the endpoint is not named: {}", told.stdout);
    let run = call(&url, &apply()).expect(0);
    assert!(run.stderr.contains("the lease is kept by beats"), "{}", run.stderr);
    as_undisturbed(&database, "through a pooler");
    // nothing of ours stays behind in the server's connections
    for _ in 0..12 {
        let path = "select current_setting('search_path') || ' ' || current_setting('lock_timeout') || ' ' || current_setting('statement_timeout')";
        let mut psql = cluster().programs().command("psql");
        let seen = psql.args(["-X", "-A", "-t", "-d", &url, "-c", path]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&seen.stdout).trim(), "\"$user\", public 0 0");
    }
    let back = ["rollback", consolidation(), "--level", "schema", "--execute", "--yes"];
    call(&url, &back).expect(0);
    assert_eq!(database.value("select state from pgfold.run"), "rolled back");
}

#[test]
fn an_operator_behind_a_pooler_is_seen_and_gone_when_killed() {
    let database = demo();
    let bouncer = Bouncer::start();
    let url = bouncer.url(&database);
    database.psql(
        "create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(1.5); return new; end';
         create trigger slow before insert on agents for each row execute function slow();",
    );
    let folder = super::stops::slow_consolidation();
    let path = folder.path().to_str().unwrap();
    let started = Pgfold::without_database().env("DATABASE_URL", &url).args(["apply", path, "--yes"]).start();
    database.until("select count(*) from pgfold.batch");
    let second = call(&url, &["resume", path, "--yes"]).expect(7);
    assert!(second.stderr.contains("is being operated"), "{}", second.stderr);
    started.kill();
    database.psql("drop trigger slow on agents");
    // its beats end with it; nobody has to say that it is gone
    call(&url, &["resume", path, "--yes"]).expect(0);
    assert_eq!(database.psql(super::state::ONCE), "");
}

#[test]
fn an_index_that_needs_a_search_path_is_refused_through_a_pooler_with_the_endpoint() {
    let database = demo();
    let bouncer = Bouncer::start();
    let name = database.name();
    // an unqualified name would be looked for elsewhere first
    database.psql(&format!("create schema other; alter database {name} set search_path = other, public"));
    let stopped = call(&bouncer.url(&database), &apply());
    database.psql(&format!("alter database {name} reset search_path"));
    assert_eq!(stopped.code, 4, "{}", stopped.stderr);
    assert!(stopped.stderr.contains("first in the search path"), "{}", stopped.stderr);
    assert!(stopped.stderr.contains("pgfold resume"), "{}", stopped.stderr);
    call(&database.url(), &super::resume()).expect(0);
    as_undisturbed(&database, "after the pooler was left out");
}

/// Cuts between pgfold and the pooler, at so many places of the run.
fn cut_before_the_pooler(points: u64) {
    let mut chance = Chance::new("cuts before a pooler");
    let bouncer = Bouncer::start();
    let most = {
        let database = demo();
        let proxy = Proxy::start(bouncer.socket(), Cut::Never);
        let run = Pgfold::without_database().env("DATABASE_URL", proxy.url(database.name())).args(apply()).run();
        run.expect(0);
        proxy.messages()
    };
    say(&format!("an undisturbed run through a pooler takes {most} messages"));
    let mut well = 0;
    for i in 0..points {
        let n = 1 + i * most / points + chance.below((most / points).max(1));
        let cut = if i.is_multiple_of(2) { Cut::Before(n) } else { Cut::After(n) };
        let database = demo();
        let proxy = Proxy::start(bouncer.socket(), cut);
        let first = Pgfold::without_database().env("DATABASE_URL", proxy.url(database.name())).args(apply()).run();
        well += u64::from(matches!(first.code, 0 | 5));
        let what = format!("{cut:?} before a pooler");
        if first.code != 0 {
            say(&format!("{what}: exit {}: {}", first.code, first.stderr.lines().next_back().unwrap_or_default()));
        }
        carry_on(&bouncer.url(&database), || runs(&database), first, &what);
        as_undisturbed(&database, &what);
    }
    say(&format!("{well} of {points} cuts before a pooler ended well in the same process"));
    assert!(well * 100 >= points * 90, "only {well} of {points} cuts ended well in the same process");
}

#[test]
fn a_cut_before_a_pooler_leaves_what_an_undisturbed_run_leaves() {
    cut_before_the_pooler(number("PGFOLD_FAULT_POINTS").unwrap_or(6));
}

#[test]
#[ignore = "long: 200 cuts before a pooler"]
fn two_hundred_cuts_before_a_pooler_leave_what_an_undisturbed_run_leaves() {
    cut_before_the_pooler(number("PGFOLD_FAULT_POINTS").unwrap_or(200));
}

#[test]
#[ignore = "long: 60 kills behind a pooler"]
fn sixty_killed_runs_behind_a_pooler_are_resumed() {
    let bouncer = Bouncer::start();
    super::kills(number("PGFOLD_FAULT_POINTS").unwrap_or(60), &|database| bouncer.url(database));
}

#[test]
#[ignore = "long: 40 races behind a pooler"]
fn forty_races_behind_a_pooler_leave_each_row_once() {
    let bouncer = Bouncer::start();
    super::races(number("PGFOLD_FAULT_POINTS").unwrap_or(40), &|database| bouncer.url(database));
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
    assert!(left.stdout.contains("unchanged"), "{}", left.stdout);
}

#[test]
fn a_session_of_ones_own_is_no_pooler() {
    let database = demo();
    let told = call(&database.url(), &["doctor", consolidation()]).expect(0);
    assert!(told.stdout.contains("sessions stay on one server process"), "{}", told.stdout);
}

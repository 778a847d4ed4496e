//! The throw-away server: starts, answers, dies with its owner and leaves nothing behind.

use std::env;
use std::fs::{self, Permissions};
use std::io::{self, BufRead, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::harness;
use pgfold::embedded::{Mode, Options, Programs, Search, Server};

/// The answer of the real psql.
fn ask(programs: &Programs, url: &str, query: &str) -> String {
    let mut psql = programs.command("psql");
    let output = psql.args(["-X", "-A", "-t", "-d", url, "-c", query]).env_remove("PGOPTIONS").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Our own, even after its owner is gone: the number may be another's meanwhile.
fn lives(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/cmdline")).is_ok_and(|line| line.contains("pgfold-pg-"))
}

#[track_caller]
fn within(patience: Duration, what: &str, is_so: impl Fn() -> bool) {
    let until = Instant::now() + patience;
    while !is_so() {
        assert!(Instant::now() < until, "{what}: not within {patience:?}");
        thread::sleep(Duration::from_millis(10));
    }
}

fn options() -> Options {
    Options { programs: Some(harness::programs().to_owned()), ..Options::default() }
}

fn start() -> Server {
    Server::start(&options()).unwrap()
}

#[test]
fn a_server_answers_and_leaves_nothing_behind() {
    let server = start();
    let (folder, pid) = (server.data_dir().parent().unwrap().to_owned(), server.pid().unwrap());
    assert_eq!(ask(server.programs(), &server.url("postgres"), "show server_encoding"), "UTF8");
    assert_eq!(ask(server.programs(), &server.url("postgres"), "select current_user"), server.superuser());
    assert_eq!(ask(server.programs(), &server.url("postgres"), "show fsync"), "off");
    assert_eq!(server.tcp_port(), None);
    let open = fs::metadata(server.socket_dir()).unwrap().permissions().mode() & 0o077;
    assert_eq!(open, 0, "others may connect");
    drop(server);
    assert!(!folder.exists());
    assert!(!lives(pid));
}

#[tokio::test]
async fn sqlx_reads_the_url_as_psql_does() {
    use sqlx::{Connection as _, PgConnection};
    let database = harness::Database::fresh();
    let mut connection = PgConnection::connect(&database.url()).await.unwrap();
    let name: String = sqlx::query_scalar("select current_database()::text").fetch_one(&mut connection).await.unwrap();
    assert_eq!(name, database.name());
    connection.close().await.unwrap();
}

#[test]
fn a_killed_server_comes_back_with_what_was_committed() {
    let mut server = Server::start(&Options { durable: true, ..options() }).unwrap();
    let url = server.url("postgres");
    ask(server.programs(), &url, "create table t as select 1 as a");
    let mut sleeper = server.programs().command("psql");
    let sleeper = sleeper.args(["-X", "-d", &url, "-c", "select pg_sleep(1)"]).stdout(Stdio::null());
    let mut sleeper = sleeper.stderr(Stdio::null()).spawn().unwrap();
    let sleeping = "select count(*) from pg_stat_activity where query ~ '^select pg_sleep'";
    within(Duration::from_secs(10), "a statement runs", || ask(server.programs(), &url, sleeping) == "1");
    assert!(
        Command::new("sh").args(["-c", &format!("kill -KILL {}", server.pid().unwrap())]).status().unwrap().success()
    );
    server.restart().unwrap();
    assert_eq!(ask(server.programs(), &url, "select a from t"), "1");
    sleeper.wait().unwrap();
    server.stop(Mode::Immediate).unwrap();
    assert_eq!(server.pid(), None);
    server.restart().unwrap();
    assert_eq!(ask(server.programs(), &url, "select a from t"), "1");
}

#[test]
fn tcp_is_there_when_asked_for() {
    let server = Server::start(&Options { tcp: true, ..options() }).unwrap();
    let url = server.tcp_url("postgres").unwrap();
    assert!(url.contains(&format!("127.0.0.1:{}/", server.tcp_port().unwrap())));
    assert_eq!(ask(server.programs(), &url, "select host(inet_server_addr())"), "127.0.0.1");
    assert_eq!(ask(server.programs(), &server.url("postgres"), "show port"), server.port().to_string());
}

#[test]
fn a_server_that_does_not_start_says_why_and_is_gone() {
    let parent = Parent::new("refused");
    let settings = vec![("no_such_setting".to_owned(), "1".to_owned())];
    let options = Options { settings, parent: Some(parent.0.clone()), ..options() };
    let error = Server::start(&options).unwrap_err();
    assert!(error.to_string().contains("unrecognized configuration parameter"), "{error}");
    assert_eq!(parent.entries(), Vec::<String>::new());
}

#[test]
fn folders_of_dead_owners_are_swept_and_others_stay() {
    let parent = Parent::new("swept");
    for (folder, file) in [("pgfold-pg-1-0", "owner"), ("pgfold-pg-1-1", "owner"), ("pgfold-pg-1-2", "other")] {
        fs::create_dir(parent.0.join(folder)).unwrap();
        fs::write(parent.0.join(folder).join(file), "").unwrap();
    }
    fs::write(parent.0.join("pgfold-pg-1-1/kept"), "").unwrap();
    let options = Options { parent: Some(parent.0.clone()), ..options() };
    let first = Server::start(&options).unwrap();
    let second = Server::start(&options).unwrap();
    assert_eq!(ask(first.programs(), &first.url("postgres"), "select 1"), "1", "the second start swept the first");
    drop((first, second));
    assert_eq!(parent.entries(), ["pgfold-pg-1-1", "pgfold-pg-1-2"]);
}

#[test]
fn a_server_dies_with_its_owner_however_that_one_dies() {
    let mut owner = another_process("");
    let [pid, folder, _] = owner.told();
    let pid: u32 = pid.parse().unwrap();
    assert!(lives(pid) && Path::new(&folder).exists());
    owner.process.kill().unwrap();
    owner.process.wait().unwrap();
    within(Duration::from_secs(10), "the server is gone", || !lives(pid));
    within(Duration::from_secs(10), "its folder is gone", || !Path::new(&folder).exists());
}

#[test]
fn a_kept_server_outlives_its_owner_until_told_to_stop() {
    let mut owner = another_process("keep");
    let [pid, folder, stop] = owner.told();
    let pid: u32 = pid.parse().unwrap();
    assert!(owner.process.wait().unwrap().success());
    thread::sleep(Duration::from_millis(300));
    let url = format!("postgres://postgres@localhost/postgres?host={folder}/s");
    assert_eq!(ask(harness::cluster().programs(), &url, "select 1"), "1");
    assert!(Command::new("sh").args(["-c", &stop]).status().unwrap().success());
    within(Duration::from_secs(10), "the server is gone", || !lives(pid) && !Path::new(&folder).exists());
}

#[test]
#[ignore = "not a test: the other process of the two tests above"]
fn the_other_process() {
    let Ok(wish) = env::var("PGFOLD_TEST_OWNER") else { return };
    let server = start();
    if wish == "keep" {
        let kept = server.keep().unwrap();
        writeln!(io::stderr(), "told\n{}\n{}\n{}", kept.pid, kept.folder.display(), kept.stop_command()).unwrap();
        assert!(kept.url("postgres").contains("host=%2F"));
    } else {
        writeln!(io::stderr(), "told\n{}\n{}\n-", server.pid().unwrap(), server.data_dir().parent().unwrap().display())
            .unwrap();
        thread::sleep(Duration::from_secs(60));
    }
}

struct Owner {
    process: process::Child,
}

fn another_process(wish: &str) -> Owner {
    let mut owner = Command::new(env::current_exe().unwrap());
    owner.args(["--exact", "embedded::the_other_process", "--ignored", "--nocapture"]).env("PGFOLD_TEST_OWNER", wish);
    Owner { process: owner.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap() }
}

impl Owner {
    /// Process, folder, and what to type to stop it.
    fn told(&mut self) -> [String; 3] {
        let mut lines = BufReader::new(self.process.stderr.take().unwrap()).lines().map(Result::unwrap);
        lines.find(|line| line == "told").unwrap();
        [(); 3].map(|()| lines.next().unwrap())
    }
}

#[test]
fn a_machine_without_a_server_uses_the_cache_and_nothing_else() {
    let cache = Parent::new("cache");
    let search = Search { cache: Some(cache.0.clone()), ..Search::default() };
    assert!(search.find().is_err());
    for version in ["9", "15"] {
        let bin = cache.0.join(format!("postgres-{version}/usr/lib/postgresql/{version}/bin"));
        fs::create_dir_all(&bin).unwrap();
        for program in ["initdb", "postgres"] {
            fs::write(bin.join(program), "").unwrap();
        }
    }
    assert!(search.find().unwrap().bin().ends_with("15/bin"), "the highest comes first");
}

#[test]
#[ignore = "downloads 19 MB with apt-get; run it with `cargo test -- --ignored fetched`"]
fn a_fetched_server_runs_from_the_cache() {
    let cache = Parent::new("fetched");
    let programs = Programs::fetch_into(&cache.0).unwrap();
    assert!(programs.bin().starts_with(&cache.0));
    let search = Search { cache: Some(cache.0.clone()), ..Search::default() };
    assert_eq!(search.find().unwrap(), programs);
    assert_eq!(Programs::fetch_into(&cache.0).unwrap(), programs, "fetched twice");
    let options = Options { programs: Some(programs.bin().to_owned()), ..Options::default() };
    let server = Server::start(&options).unwrap();
    assert_eq!(ask(&programs, &server.url("postgres"), "select 1"), "1");
}

/// A folder that the server's user may enter.
struct Parent(PathBuf);

impl Parent {
    fn new(name: &str) -> Parent {
        let path = fs::canonicalize(env::temp_dir()).unwrap().join(format!("pgfold-test-{}-{name}", process::id()));
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        Parent(path)
    }

    fn entries(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
        let mut entries: Vec<String> = entries.collect();
        entries.sort();
        entries
    }
}

impl Drop for Parent {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

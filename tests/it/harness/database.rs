//! A database of one test's own: empty, or a copy of a template that is built once.

use std::collections::HashMap;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::{cluster, digest};

/// Dropped, with whoever is still connected, when the test ends.
#[derive(Debug)]
pub struct Database {
    name: String,
}

/// A template's texts, and its database once it is built.
type Template = Arc<(String, OnceLock<Database>)>;

impl Database {
    /// Empty.
    pub fn fresh() -> Database {
        Database::copy_of("template1")
    }

    /// Filled by the texts, in their order; one template name stands for the same texts everywhere.
    pub fn from_sql(template: &str, texts: &[&str]) -> Database {
        static TEMPLATES: Mutex<Option<HashMap<String, Template>>> = Mutex::new(None);
        let text = texts.join("\n");
        let entry = {
            let mut templates = TEMPLATES.lock().unwrap_or_else(PoisonError::into_inner);
            let templates = templates.get_or_insert_default();
            Arc::clone(
                templates.entry(template.to_owned()).or_insert_with(|| Arc::new((text.clone(), OnceLock::new()))),
            )
        };
        let (first, built) = &*entry;
        assert!(*first == text, "the template `{template}` was built from other texts");
        let template = built.get_or_init(|| {
            let database = Database::fresh();
            database.psql(&text);
            database
        });
        Database::copy_of(&template.name)
    }

    /// One that somebody else made; dropped like the others.
    pub fn adopted(name: &str) -> Database {
        Database { name: name.to_owned() }
    }

    /// The same rows under another name; nobody may be connected to this one meanwhile.
    pub fn cloned(&self) -> Database {
        Database::copy_of(&self.name)
    }

    fn copy_of(template: &str) -> Database {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", MADE.fetch_add(1, Ordering::Relaxed));
        psql_in("postgres", &format!("create database {name} template {template}"))
            .unwrap_or_else(|stderr| panic!("cannot create a database from `{template}`:\n{stderr}"));
        Database { name }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn url(&self) -> String {
        cluster().url(&self.name)
    }

    /// What the real psql prints for a script (unaligned, tuples only); panics with its errors.
    pub fn psql(&self, script: &str) -> String {
        self.try_psql(script).unwrap_or_else(|stderr| panic!("psql failed:\n{stderr}\nscript:\n{script}"))
    }

    /// As [`Database::psql`], with psql's errors as a value.
    pub fn try_psql(&self, script: &str) -> Result<String, String> {
        psql_in(&self.name, script)
    }

    /// The only value of a query, without the line's end.
    pub fn value(&self, query: &str) -> String {
        let printed = self.psql(query);
        printed.strip_suffix('\n').unwrap_or(&printed).to_owned()
    }

    /// Waits until the query gives something other than `0`, `f` and nothing; a table of it may not be there yet.
    pub fn until(&self, query: &str) {
        const PATIENCE: Duration = Duration::from_secs(300);
        let began = Instant::now();
        while matches!(self.try_psql(query).as_deref().map(str::trim), Ok("0" | "f" | "") | Err(_)) {
            assert!(began.elapsed() < PATIENCE, "it never came to pass: {query}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// `pg_dump --schema-only` without our own schema, comparable byte for byte.
    pub fn schema_dump(&self) -> String {
        self.dump(&["--exclude-schema=pgfold"])
    }

    /// As [`Database::schema_dump`], our own schema included.
    pub fn whole_schema_dump(&self) -> String {
        self.dump(&[])
    }

    fn dump(&self, arguments: &[&str]) -> String {
        let mut dump = client("pg_dump", &self.name);
        dump.arg("--schema-only").args(arguments);
        if dump_has_restrict_key() {
            dump.arg("--restrict-key=pgfold");
        }
        let output = dump.output().unwrap();
        assert!(output.status.success(), "pg_dump failed:\n{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// One line per table (name, rows, md5 of the rows) and per sequence (name, last value, called), our own schema
    /// aside.
    pub fn rows_digest(&self) -> String {
        self.psql(digest::ROWS)
    }

    /// One line per fact that a schema dump does not tell or tells in passing: validity of indexes and constraints,
    /// state of triggers, access rights, policies, comments, owners; our own schema aside.
    pub fn structure_digest(&self) -> String {
        self.psql(digest::STRUCTURE)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // The cluster goes with the process in any case.
        let _ = psql_in("postgres", &format!("drop database if exists {} with (force)", self.name));
    }
}

/// 15.14 and its contemporaries write a random key into each dump unless they are given one.
fn dump_has_restrict_key() -> bool {
    static HAS: OnceLock<bool> = OnceLock::new();
    *HAS.get_or_init(|| {
        let help = cluster().programs().command("pg_dump").arg("--help").output().unwrap();
        String::from_utf8_lossy(&help.stdout).contains("--restrict-key")
    })
}

fn psql_in(database: &str, script: &str) -> Result<String, String> {
    let mut psql = client("psql", database);
    psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", "-"]);
    let mut child = psql.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let script = script.to_owned();
    // A script as long as the pipe would block us while psql blocks on its output. One that stops early closes it.
    let writer = thread::spawn(move || {
        let _ = stdin.write_all(script.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(String::from_utf8(output.stdout).unwrap()) } else { Err(stderr) }
}

/// A client program that sees nothing of the surroundings' connection settings.
fn client(program: &str, database: &str) -> Command {
    let mut client = cluster().programs().command(program);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PG")) {
        client.env_remove(name);
    }
    client.env("LC_ALL", "C.UTF-8").env("PGCLIENTENCODING", "UTF8").env("PGTZ", "UTC");
    client.arg("-d").arg(cluster().url(database)).stdin(Stdio::null());
    client
}

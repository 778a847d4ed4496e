//! Nobody's work is lost while people work: sources, target, mappings and what refers to them are written to at the worst
//! moment, and what each person committed is there afterwards.

mod busy;
mod conflicts;
mod dead_rows;
mod target;
mod undo;
mod writers;

use std::io::Write as _;
use std::process::{Child, ChildStdin, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::harness::{Database, Finished, Pgfold, Scratch, Started, cluster};

/// A consolidation of its own with its database.
struct Place {
    folder: Scratch,
    database: Database,
}

impl Place {
    fn new(tables: &str, manifest: &str) -> Place {
        let place = Place { folder: Scratch::new(), database: Database::fresh() };
        place.database.psql(tables);
        place.write("consolidation.toml", manifest);
        std::fs::create_dir(place.folder.path().join("work")).unwrap();
        place
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// The words with the consolidation at their end.
    fn call(&self, words: &str) -> Pgfold {
        let folder = self.folder.path().display().to_string();
        let all = words.split(' ').map(str::to_owned).chain([folder]);
        Pgfold::new(&self.database).args(all).cwd(self.folder.path().join("work"))
    }

    #[track_caller]
    fn run(&self, words: &str, code: i32) -> Finished {
        self.call(words).run().expect(code)
    }

    fn start(&self, words: &str) -> Started {
        self.call(words).start()
    }

    fn psql(&self, script: &str) -> String {
        self.database.psql(script)
    }

    /// The only value of a query.
    fn value(&self, query: &str) -> String {
        self.database.value(query)
    }

    /// Until the query gives true.
    #[track_caller]
    fn until(&self, query: &str) {
        let end = Instant::now() + Duration::from_secs(120);
        while self.database.try_psql(query).unwrap_or_default().trim() != "t" {
            assert!(Instant::now() < end, "waited in vain for {query}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn until_conflicts_are_resolved(&self) {
        self.until("select exists (select from pgfold.step where kind = 'contest' and state = 'done')");
    }

    /// Until somebody waits for a lock on the table.
    fn until_waited_for(&self, table: &str) {
        self.until(&format!(
            "select exists (select from pg_locks where not granted and relation = '{table}'::regclass)"
        ));
    }

    /// A transaction of the application that stays open.
    fn open(&self, statements: &str) -> Application {
        Application::begin(self, statements)
    }
}

/// A session of the application with an open transaction.
struct Application {
    psql: Child,
    stdin: Option<ChildStdin>,
}

impl Application {
    fn begin(place: &Place, statements: &str) -> Application {
        let mut psql = cluster().programs().command("psql");
        psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d"]).arg(place.database.url()).args(["-f", "-"]);
        let mut psql = psql.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = psql.stdin.take().unwrap();
        let mark = format!("held by {}", psql.id());
        writeln!(stdin, "begin;\n{statements};\nset local application_name = '{mark}';").unwrap();
        stdin.flush().unwrap();
        place.until(&format!("select exists (select from pg_stat_activity where application_name = '{mark}')"));
        Application { psql, stdin: Some(stdin) }
    }

    fn commit(mut self) {
        if let Some(mut stdin) = self.stdin.take() {
            writeln!(stdin, "commit;").unwrap();
        }
        let output = self.psql.wait_with_output().unwrap();
        assert!(output.status.success(), "the application failed: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// `code` of the one source `old` is the key.
const MANIFEST: &str = "[target]\ntable = \"items\"\nid = \"id\"\nkey = \"key\"\n\n[[source]]\ntable = \"old\"\nid = \"id\"\nkey = \"code\"\nwinner = \"id\"\n[source.columns]\nname = \"name\"\n[source.ignore]\nid = \"surrogate\"\ncode = \"is the key\"\n";

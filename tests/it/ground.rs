//! The databases that the tests of the whole program begin with.

use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::Value;

use crate::harness::{Database, Finished, Pgfold, Scratch, pgfold};

const SCHEMA: &str = include_str!("../../sql/demo/legacy_schema.sql");
const ROWS: &str = include_str!("../../sql/demo/legacy_rows.sql");
const MANY: &str = include_str!("../../sql/demo/many.sql");

/// The shapes and counts of the real deployment: 167, 17 and 10 rows.
pub fn legacy() -> Database {
    Database::from_sql("legacy", &[SCHEMA, ROWS])
}

/// The same with so many more legacy rows.
pub fn legacy_with(rows: u32) -> Database {
    let many = format!("set demo.rows = {rows};\n{MANY}");
    Database::from_sql(&format!("legacy_{rows}"), &[SCHEMA, ROWS, &many])
}

/// The second consolidation's database.
pub fn library() -> Database {
    Database::from_sql("library", &[include_str!("../../testdata/library/before.sql")])
}

/// A folder below `testdata`, absolute.
pub fn testdata(name: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "testdata", name].iter().collect();
    path.display().to_string()
}

/// A fresh copy of the legacy database on which `apply` was done.
pub fn applied() -> Database {
    static APPLIED: OnceLock<Database> = OnceLock::new();
    APPLIED
        .get_or_init(|| {
            let database = legacy();
            pgfold(&database, &["apply", "-y"]).expect(0);
            database
        })
        .cloned()
}

/// The JSON on stdout.
pub fn json(finished: &Finished) -> Value {
    serde_json::from_str(&finished.stdout)
        .unwrap_or_else(|e| panic!("not JSON ({e}):\n{}\n{}", finished.stdout, finished.stderr))
}

/// The accounting of one source in a run's or dry run's JSON.
pub fn source<'a>(sources: &'a Value, name: &str) -> &'a Value {
    let all = sources.as_array().expect("a list of sources");
    all.iter().find(|s| s["source"] == name).unwrap_or_else(|| panic!("no source {name} in {sources}"))
}

/// One of the seven checks.
pub fn check(checks: &Value, number: u64) -> &Value {
    let all = checks["checks"].as_array().expect("a list of checks");
    all.iter().find(|c| c["number"] == number).expect("the check")
}

/// A database with a consolidation of its own.
pub struct Case {
    pub database: Database,
    pub folder: Scratch,
}

impl Case {
    pub fn new(database: Database, manifest: &str) -> Case {
        let folder = Scratch::new();
        std::fs::write(folder.path().join("consolidation.toml"), manifest).unwrap();
        Case { database, folder }
    }

    /// A verb on this consolidation, and what stands behind it.
    pub fn pgfold(&self, arguments: &[&str]) -> Finished {
        let (verb, more) = arguments.split_first().unwrap();
        let folder = self.folder.path().display().to_string();
        Pgfold::new(&self.database).args([*verb, &folder]).args(more).run()
    }

    pub fn value(&self, query: &str) -> String {
        self.database.value(query)
    }
}

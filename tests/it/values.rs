//! Values whose type, zone, collation or index says more than their text: moved, stored, compared and put back exactly.

mod indexes;
mod operators;
mod stored;
mod types;
mod zones;

use crate::ground::Case;
use crate::harness::Database;

/// On a database of its own with this SQL.
fn case(sql: &str, manifest: &str) -> Case {
    let database = Database::fresh();
    database.psql(&format!("set client_min_messages = error;\n{sql}"));
    Case::new(database, manifest)
}

impl Case {
    /// Source, id, outcome and key of every row of the newest run, as the run had it.
    fn outcomes_of_newest_run(&self) -> String {
        self.value(
            "select string_agg(concat_ws(' ', source, id, outcome, key), ', ' order by source, id) from pgfold.crosswalk
              where run = (select max(run) from pgfold.crosswalk)",
        )
    }

    /// The dry run says of each row what then happens to it; the run ends with this code.
    fn as_predicted(&self, arguments: &[&str], code: i32) -> String {
        let dry: Vec<&str> =
            arguments.iter().copied().chain(["--dry-run", "--format", "json", "--row-limit", "100000"]).collect();
        let dry: serde_json::Value = serde_json::from_str(&self.pgfold(&dry).expect(0).stdout).unwrap();
        let mut told = Vec::new();
        for source in dry["sources"].as_array().unwrap() {
            for row in source["rows"].as_array().unwrap() {
                let word = |v: &serde_json::Value| v.as_str().unwrap_or_default().to_owned();
                told.push(
                    [word(&source["source"]), word(&row["id"]), word(&row["outcome"]), word(&row["key"])]
                        .join(" ")
                        .trim()
                        .to_owned(),
                );
            }
        }
        let run: Vec<&str> = arguments.iter().copied().chain(["-y"]).collect();
        self.pgfold(&run).expect(code);
        let all = "select coalesce(jsonb_agg(concat_ws(' ', source, id, outcome, key)), '[]') from pgfold.crosswalk where run = (select max(run) from pgfold.crosswalk)";
        let mut happened: Vec<String> = serde_json::from_str(&self.value(all)).unwrap();
        told.sort();
        happened.sort();
        let keyless = |all: &[String]| all.iter().map(|l| l.trim().to_owned()).collect::<Vec<_>>();
        assert_eq!(keyless(&told), keyless(&happened));
        self.outcomes_of_newest_run()
    }

    fn taken_back(&self) {
        self.pgfold(&["rollback", "--level", "purge", "--execute", "-y"]).expect(0);
    }
}

/// `[target]` on `items` with its `key`, and what else stands there.
fn target(more: &str) -> String {
    format!("[target]\ntable = \"items\"\nkey = \"key\"\nmax_rejects = 1000\n{more}\n")
}

const KEPT: &str = "[source.unmapped]\ninto = \"extra\"\nunder = \"legacy\"\n";

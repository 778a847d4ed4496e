//! There and back: each level, under psql and by `--execute`, on the bundled consolidation and on a second one.

mod changed;
mod generated;
mod hostile;
mod levels;
mod readiness;
mod refusals;
mod ways;

use std::path::PathBuf;

use super::harness::{Database, Finished, Pgfold, pgfold};

const DEMO: [&str; 2] =
    [include_str!("../../sql/demo/legacy_schema.sql"), include_str!("../../sql/demo/legacy_rows.sql")];
const LIBRARY: &str = include_str!("../../testdata/library/before.sql");

/// A consolidation with a database that it was not run on yet.
struct Case {
    database: Database,
    name: String,
    target: &'static str,
    id: &'static str,
    key: &'static str,
    live: &'static str,
    /// What the enhancements add to the target.
    added: &'static str,
}

fn demo() -> Case {
    Case {
        database: Database::from_sql("rollback demo", &DEMO),
        name: "agents".to_owned(),
        target: "agents",
        id: "id",
        key: "unique_id",
        live: "deleted_at is null",
        added: "{unique_id,deleted_at,version,can_delegate,delegation_rules,escalation_rules,model_config,is_public,\
                is_featured,owner_tenant_id,parent_agent_id}",
    }
}

fn library() -> Case {
    Case {
        database: Database::from_sql("rollback library", &[LIBRARY]),
        name: concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/library").to_owned(),
        target: "items",
        id: "item_id",
        key: "item_key",
        live: "removed_on is null",
        added: "{item_key}",
    }
}

impl Case {
    /// Everything that must be as before, in one text that says what it is.
    fn state(&self) -> String {
        [self.database.schema_dump(), self.database.rows_digest(), self.database.structure_digest()].join("\n")
    }

    #[track_caller]
    fn apply(&self) -> Finished {
        let done = pgfold(&self.database, &["apply", &self.name, "--yes", "--quiet"]);
        // on a busy machine an application query may be slow now and then; that is another test's business
        let slow = done.code == 5 && done.stderr.contains("validation failed: check 7 (application queries)\n");
        if slow { done } else { done.expect(0) }
    }

    fn rollback(&self, more: &[&str]) -> Finished {
        let base = ["rollback", self.name.as_str(), "--yes"];
        Pgfold::new(&self.database).args(base.iter().chain(more)).run()
    }

    /// The rows of the target without what the enhancements add.
    fn rows(&self, which: &str) -> String {
        self.database.psql(&format!(
            "select to_jsonb(t) - '{}'::text[] from {} t where {which} order by 1",
            self.added, self.target
        ))
    }

    fn ids(&self) -> String {
        self.database.psql(&format!("select {}, {}, {} from {} order by 1", self.key, self.id, self.live, self.target))
    }
}

/// A script of the folder of a run.
fn script(of: &Finished, run: u32, name: &str) -> String {
    let path: PathBuf = of.cwd().join("pgfold-runs").join(run.to_string()).join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Equal, or the lines that differ.
#[track_caller]
fn same(now: &str, before: &str, about: &str) {
    let only = |a: &str, b: &str| -> Vec<String> {
        let there: std::collections::HashSet<&str> = b.lines().collect();
        a.lines().filter(|l| !there.contains(l)).take(20).map(str::to_owned).collect()
    };
    let (new, gone) = (only(now, before), only(before, now));
    assert!(now == before, "{about}: not as before\nnow:\n{}\nbefore:\n{}", new.join("\n"), gone.join("\n"));
}

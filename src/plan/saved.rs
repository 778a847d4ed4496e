//! A plan bound to what it was made from: database, catalog, rows and files.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::document::Plan;

/// The layout of the file; another one is not read.
pub const FORMAT: u32 = 1;

/// What `plan --out` writes. It holds no credentials.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SavedPlan {
    pub format: u32,
    pub tool_version: String,
    /// The consolidation as it was named: a bundled one or a folder.
    pub consolidation: String,
    /// Seconds since 1970.
    pub made_at: u64,
    pub expires_at: u64,
    pub identity: DatabaseIdentity,
    pub fingerprint: Fingerprint,
    /// What the dry run foretold, with the SHA-256 of it all.
    pub outlook: serde_json::Value,
    pub outlook_digest: String,
    /// What each statement of an enhancement locks, rewrites and destroys.
    pub effects: Vec<StatementEffect>,
    /// How long taking it all back would take, level rows.
    #[serde(default)]
    pub rollback: Option<Estimate>,
    pub plan: Plan,
}

/// Milliseconds, and what that number rests on, in words.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    pub ms: f64,
    pub basis: String,
}

/// Which database, on which server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseIdentity {
    /// Host and port.
    pub server: String,
    pub database: String,
    /// None where the role may not ask.
    pub system_identifier: Option<String>,
}

/// Everything that must be the same when the plan is applied.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// SHA-256 by file.
    pub files: BTreeMap<String, String>,
    /// Each column, index, constraint, trigger and declared object, with its definition.
    pub catalog: BTreeMap<String, String>,
    /// Rows and a sum of their hashes by table; none with `--online`.
    pub rows: Option<BTreeMap<String, RowSet>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowSet {
    pub rows: u64,
    pub digest: String,
}

impl DatabaseIdentity {
    /// What is another database here than there; nothing when it is the same.
    pub fn differs(&self, now: &DatabaseIdentity) -> Vec<String> {
        let mut out = Vec::new();
        if self.database != now.database {
            out.push(format!("the plan is for the database `{}`, this one is `{}`", self.database, now.database));
        }
        match (&self.system_identifier, &now.system_identifier) {
            (Some(there), Some(here)) if there != here => {
                out.push(format!("the plan is for the server with the system identifier {there}, this one has {here}"));
            }
            (Some(_), Some(_)) => {}
            _ if self.server != now.server => {
                out.push(format!("the plan is for the server {}, this one is {}", self.server, now.server));
            }
            _ => {}
        }
        out
    }
}

impl Fingerprint {
    /// Each thing that is another now, in words.
    pub fn differs(&self, now: &Fingerprint) -> Vec<String> {
        let mut out = Vec::new();
        compare("file", &self.files, &now.files, &mut out, |_, _| String::new());
        compare("", &self.catalog, &now.catalog, &mut out, |there, here| format!(": was {there}, is {here}"));
        if let (Some(there), Some(here)) = (&self.rows, &now.rows) {
            compare("rows of", there, here, &mut out, |there, here| {
                if there.rows == here.rows {
                    format!(": {} rows as before, with other content", here.rows)
                } else {
                    format!(": were {}, are {}", there.rows, here.rows)
                }
            });
        }
        out
    }
}

fn compare<T: PartialEq>(
    kind: &str,
    there: &BTreeMap<String, T>,
    here: &BTreeMap<String, T>,
    out: &mut Vec<String>,
    how: impl Fn(&T, &T) -> String,
) {
    let named = |name: &str| if kind.is_empty() { name.to_owned() } else { format!("{kind} {name}") };
    for (name, was) in there {
        match here.get(name) {
            None => out.push(format!("{} is gone", named(name))),
            Some(is) if is != was => out.push(format!("{} changed{}", named(name), how(was, is))),
            Some(_) => {}
        }
    }
    let new = here.keys().filter(|name| !there.contains_key(*name));
    out.extend(new.map(|name| format!("{} is new", named(name))));
}

/// One statement of an enhancement file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementEffect {
    pub file: String,
    /// Its beginning, on one line.
    pub statement: String,
    /// The strongest lock on a table that was there, as `pg_locks` words it; none where it takes none.
    pub lock: Option<String>,
    pub rewrites: bool,
    pub destroys: bool,
}

//! A plan bound to what it was made from: database, catalog, rows and files.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Action, Given, Plan, effects};
use crate::catalog::{Column, Table};
use crate::sql::{Ident, Name, Sql};

use super::enhance::{declared, worded};
use super::fold::row_hash;

/// The layout of the file; another one is not read.
pub const FORMAT: u32 = 1;

/// What `plan --out` writes. It holds no credentials.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Saved {
    pub format: u32,
    pub tool_version: String,
    /// The consolidation as it was named: a bundled one or a folder.
    pub consolidation: String,
    /// Seconds since 1970.
    pub made_at: u64,
    pub expires_at: u64,
    pub identity: Identity,
    pub fingerprint: Fingerprint,
    /// What the dry run foretold, with the SHA-256 of it all.
    pub outlook: serde_json::Value,
    pub outlook_digest: String,
    /// What each statement of an enhancement locks, rewrites and destroys.
    pub effects: Vec<effects::Effect>,
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
pub struct Identity {
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

impl Identity {
    /// What is another database here than there; nothing when it is the same.
    pub fn differs(&self, now: &Identity) -> Vec<String> {
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

/// The part of the catalog that the plan relies on, one line per thing.
pub fn shape(given: &Given) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for table in relied_on(given) {
        let at = table.name.plain();
        out.insert(format!("table {at}"), format!("{} of {}", table.kind, table.owner));
        let mut note = |kind: &str, name: &str, value: serde_json::Value| {
            out.insert(format!("{kind} {name} of {at}"), told(&value));
        };
        for c in &table.columns {
            note("column", &c.name, serde_json::json!(c));
        }
        for i in &table.indexes {
            note("index", &i.name, serde_json::json!(i));
        }
        for c in &table.constraints {
            note("constraint", &c.name, serde_json::json!(c));
        }
        for t in &table.triggers {
            note("trigger", &t.name, serde_json::json!(t));
        }
        note("row security", "", serde_json::json!([table.row_security, table.row_security_forced]));
    }
    for e in &given.manifest.enhancements {
        let words = declared(e).into_iter().map(|(word, _)| word).chain(e.replaces.iter().map(worded));
        for word in words.filter(|w| !w.starts_with("column ")) {
            if let Some(object) = given.objects.get(&word) {
                out.insert(word, object.definition.clone());
            }
        }
    }
    out
}

/// Only what is set, in a short line.
fn told(value: &serde_json::Value) -> String {
    let serde_json::Value::Object(fields) = value else { return value.to_string() };
    let set = fields.iter().filter(|(k, v)| *k != "name" && !v.is_null() && **v != serde_json::json!(false));
    let all: Vec<String> = set.filter(|(_, v)| **v != serde_json::json!("")).map(|(k, v)| format!("{k} {v}")).collect();
    all.join(", ")
}

fn relied_on<'a>(given: &'a Given) -> Vec<&'a Table> {
    let m = given.manifest;
    let named = std::iter::once(&m.target.table)
        .chain(m.sources.iter().map(|s| &s.table))
        .chain(m.mappings.iter().flat_map(|m| [&m.table, &m.right.table]));
    let mut out: Vec<&Table> = Vec::new();
    for table in named.filter_map(|t| given.catalog.table(t)) {
        if !out.iter().any(|t| t.name == table.name) {
            out.push(table);
        }
    }
    out
}

/// For each table that the plan reads a query of its rows' number and content; what churns is left out.
pub fn row_sets(given: &Given) -> Vec<(Name, Sql)> {
    let target = given.target().map(|t| &t.name);
    let one = |table: &&Table| {
        let stays = |c: &&Column| Some(&table.name) != target || !given.manifest.target.churn.contains(&c.name);
        let columns: Vec<&Column> = table.columns.iter().filter(stays).collect();
        let alias = Ident::of_the_server("pgfold_t");
        let hash = row_hash(&alias, &columns);
        let sql = Sql::fill(
            include_str!("../../sql/plan/row_set.sql"),
            &[("hash", &hash), ("table", &table.name), ("alias", &alias)],
        );
        (table.name.clone(), sql)
    };
    relied_on(given).iter().filter(|t| matches!(t.kind.as_str(), "r" | "p")).map(one).collect()
}

/// What each statement of each enhancement of the plan does to the tables it touches.
pub fn all_effects(plan: &Plan) -> Vec<effects::Effect> {
    let scripts = plan.steps.iter().filter_map(|s| match &s.action {
        Action::Enhance { file, script, .. } => Some((file, script)),
        _ => None,
    });
    scripts.flat_map(|(file, script)| effects::effects(file, script.as_str())).collect()
}

//! What must be the same when a saved plan is applied: catalog, rows, and what its statements lock.

use std::collections::BTreeMap;

use crate::catalog::{Column, Table};
use crate::plan::{Action, Plan};
use crate::planner::ddl::locks::effects;
use crate::planner::enhancement::{declared, worded};
use crate::planner::input::PlanInput;
use crate::planner::rows::source_query::row_hash;
use crate::sql::{Ident, Name, Sql};

/// The part of the catalog that the plan relies on, one line per thing.
pub fn shape(given: &PlanInput) -> BTreeMap<String, String> {
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

fn relied_on<'a>(given: &'a PlanInput) -> Vec<&'a Table> {
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
pub fn row_sets(given: &PlanInput) -> Vec<(Name, Sql)> {
    let target = given.target().map(|t| &t.name);
    let one = |table: &&Table| {
        let stays =
            |c: &&Column| Some(&table.name) != target || !given.manifest.target.ignore_changes.contains(&c.name);
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
pub fn all_effects(plan: &Plan) -> Vec<crate::plan::StatementEffect> {
    let scripts = plan.steps.iter().filter_map(|s| match &s.action {
        Action::Enhance { file, script, .. } => Some((file, script)),
        _ => None,
    });
    scripts.flat_map(|(file, script)| effects(file, script.as_str())).collect()
}

//! What the server says that an enhancement did, compared with what the manifest declares.

use serde::Deserialize;

use crate::catalog::{Change, Object, Objects};
use crate::finding::{Finding, Severity};
use crate::sql::Sql;
use crate::text;

use super::Written;

/// Every object of one schema, or of the whole database: `$1` the schema whose objects need no qualification.
pub fn objects_query(whole: bool) -> Sql {
    let (others, of_no_schema) = if whole {
        (Sql::constant("true"), Sql::constant(include_str!("../../sql/introspect/of_no_schema.sql")))
    } else {
        (Sql::constant("false"), Sql::constant(""))
    };
    Sql::fill(include_str!("../../sql/introspect/objects.sql"), &[("others", &others), ("of_no_schema", &of_no_schema)])
}

/// How many rows of a table this transaction has written so far.
#[derive(Debug, Clone, Deserialize)]
pub struct TableRows {
    pub id: i64,
    pub of_the_system: bool,
    pub table: String,
    pub rows: i64,
    pub filenode: Option<i64>,
    /// Whether it has any pages; unknown where somebody locks it.
    pub filled: Option<bool>,
}

/// The database at one moment inside a transaction.
#[derive(Debug, Clone)]
pub struct Observed {
    pub objects: Objects,
    pub tables: Vec<TableRows>,
}

/// What an enhancement declares.
pub struct Declares<'a> {
    pub file: &'a str,
    pub appears: &'a [String],
    pub replaces: &'a [String],
    pub writes: &'a [Written],
    /// It brings its own way back, so that it may drop what it declares under `replaces`.
    pub has_down: bool,
}

/// Objects that are shared by all databases of a server, or that no rollback of ours could bring back.
const OUTSIDE: [(&str, &str); 13] = [
    ("pg_authid", "a role"),
    ("pg_auth_members", "the membership of a role"),
    ("pg_database", "a database"),
    ("pg_tablespace", "a tablespace"),
    ("pg_db_role_setting", "a setting of a database or role"),
    ("pg_parameter_acl", "a privilege on a setting"),
    ("pg_largeobject", "a large object"),
    ("pg_largeobject_metadata", "a large object"),
    ("pg_subscription", "a subscription"),
    ("pg_replication_origin", "a replication origin"),
    ("pg_shdescription", "a comment on a role, database or tablespace"),
    ("pg_seclabel", "a security label"),
    ("pg_shseclabel", "a security label"),
];

/// What differs between the two and was neither declared nor follows from it; and what was declared and is not there.
pub fn verify(d: &Declares, before: &Observed, after: &Observed) -> Vec<Finding> {
    let mut findings = objects(d, &before.objects, &after.objects);
    let told = |t: &&TableRows| t.rows > rows_before(before, t.id);
    for t in after.tables.iter().filter(|t| t.of_the_system).filter(told) {
        let name = t.table.strip_prefix("pg_catalog.").unwrap_or(&t.table);
        if let Some((_, what)) = OUTSIDE.iter().find(|(c, _)| *c == name) {
            findings.push(finding(
                d,
                "outside-transaction",
                what,
                format!("the file changed {what}"),
                "an enhancement changes only what its own rollback can bring back; take the statement out".to_owned(),
            ));
        }
    }
    findings.extend(rows(d, before, after));
    findings.dedup();
    findings
}

fn finding(d: &Declares, rule: &'static str, object: &str, found: String, todo: String) -> Finding {
    Finding::new(rule, Severity::Refusal, format!("{}: {}", d.file, text::inert(object)), found, todo)
}

fn rows_before(before: &Observed, id: i64) -> i64 {
    before.tables.iter().find(|t| t.id == id).map_or(0, |t| t.rows)
}

/// Tables whose rows the file changed or threw away.
fn rows(d: &Declares, before: &Observed, after: &Observed) -> Vec<Finding> {
    let mut out = Vec::new();
    for now in after.tables.iter().filter(|t| !t.of_the_system) {
        let Some(then) = before.tables.iter().find(|t| t.id == now.id) else { continue };
        let emptied = then.filenode != now.filenode && then.filled == Some(true) && now.filled == Some(false);
        let written = now.rows > then.rows;
        if !(written || emptied) || d.writes.iter().any(|w| w.word == now.table) {
            continue;
        }
        let columns = after.objects.all().filter(|o| o.belongs_to.as_deref() == Some(&now.table));
        let columns =
            columns.filter_map(|o| o.object.strip_prefix("column ")?.strip_suffix(&format!(" of {}", now.table)));
        let columns: Vec<String> = columns.map(|c| format!("\"{c}\"")).collect();
        let found = if written { "the file changed rows of it" } else { "the file emptied it" };
        let todo = format!(
            "add to [[enhancement]], with the columns that change: writes.\"{}\" = [{}]",
            now.table,
            columns.join(", ")
        );
        out.push(finding(d, "undeclared-rows", &format!("table {}", now.table), found.to_owned(), text::inert(&todo)));
    }
    out
}

fn objects(d: &Declares, before: &Objects, after: &Objects) -> Vec<Finding> {
    let mut out = Vec::new();
    for object in d.appears.iter().filter(|o| !after.has(o)) {
        out.push(finding(
            d,
            "declared-not-created",
            object,
            "declared, but the file did not create it".to_owned(),
            "create it, or take it out of the manifest".to_owned(),
        ));
    }
    for change in before.changes(after) {
        let object = change.object();
        match &change {
            _ if of_replaced_view(d, object) => {}
            Change::Appeared(o) if d.appears.contains(&o.object) || follows(d, o) => {}
            Change::Changed(o, _) if d.replaces.contains(&o.object) => {}
            Change::Vanished(o) if d.has_down && d.replaces.contains(&o.object) => {}
            Change::Appeared(o) => out.push(finding(
                d,
                "undeclared-object",
                &o.object,
                "the file created it, the manifest does not declare it".to_owned(),
                declaring("creates", &o.object),
            )),
            Change::Changed(o, _) => out.push(finding(
                d,
                "undeclared-change",
                &o.object,
                "the file changed it, the manifest does not declare it".to_owned(),
                declaring("replaces", &o.object),
            )),
            Change::Vanished(o) => out.push(finding(
                d,
                "undeclared-drop",
                &o.object,
                "the file dropped it".to_owned(),
                format!("write {}.down.sql, which brings it back, and {}", d.file, declaring("replaces", &o.object)),
            )),
        }
    }
    out
}

/// The columns of a replaced view come and go with it.
fn of_replaced_view(d: &Declares, object: &Object) -> bool {
    object.belongs_to.as_ref().is_some_and(|t| d.replaces.contains(&format!("view {t}")))
}

/// Whether it comes with something that is declared.
fn follows(d: &Declares, object: &Object) -> bool {
    let Some(parent) = &object.belongs_to else { return false };
    let facts = object.facts.as_deref().unwrap_or_default();
    // the sequence of a declared column, and a declared column of a table that inherits
    if d.appears.iter().any(|a| facts.contains(&format!("owned by {a};")))
        || (facts.contains("local false") && d.appears.iter().any(|a| inherited(&object.object, a)))
    {
        return true;
    }
    let is_new = d.appears.contains(&format!("table {parent}")) || d.appears.contains(&format!("view {parent}"));
    // where a new table's columns are declared, all of them are
    let whole = d.appears.iter().any(|a| a.ends_with(&format!(" of {parent}")));
    is_new && !(whole && object.object.starts_with("column "))
}

fn inherited(object: &str, declared: &str) -> bool {
    let column = |o: &str| o.strip_prefix("column ").and_then(|o| o.rsplit_once(" of ")).map(|(c, _)| c.to_owned());
    column(object).is_some() && column(object) == column(declared)
}

/// The line for the manifest, where there is one.
fn declaring(key: &str, object: &str) -> String {
    let object = text::inert(object);
    let (kind, name) = object.split_once(' ').unwrap_or((object.as_str(), ""));
    let known = ["table", "index", "view", "function", "trigger", "constraint", "policy", "sequence", "type", "column"];
    let elsewhere = name.split_whitespace().last().is_some_and(|n| n.contains('.') && !n.contains('('));
    if !known.contains(&kind) || elsewhere {
        return "take the statement out: it belongs into a migration of your own".to_owned();
    }
    if kind == "column" && key == "creates" {
        let (column, table) = name.rsplit_once(" of ").unwrap_or((name, ""));
        return format!("add to [[enhancement]]: adds.\"{table}\" = {{ \"{column}\" = \"its type\" }}");
    }
    format!("add to [[enhancement]]: {key} = [\"{object}\"]")
}

/// After the way back: every object that is not as it was before.
pub fn left_behind(before: &Objects, after: &Objects) -> Vec<String> {
    let told = |c: Change| match c {
        Change::Appeared(o) => format!("{} stays", o.object),
        Change::Vanished(o) => format!("{} is gone", o.object),
        Change::Changed(now, then) => {
            let of = |o: &Object| format!("{}; {}", o.definition, o.facts.clone().unwrap_or_default());
            format!("{} is `{}`, it was `{}`", now.object, text::cut(&of(&now), 300), text::cut(&of(&then), 300))
        }
    };
    before.changes(after).into_iter().map(told).collect()
}

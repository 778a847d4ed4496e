//! What kind of tables target and sources are: relatives of each other, with child tables, rules or triggers that take
//! rows away, views.

use crate::catalog::Table;
use crate::finding::{Finding, Severity};
use crate::sql::Sql;
use crate::text;

use crate::planner::input::PlanInput;

/// Every kind of table that rows cannot be moved from or to safely, each with what to do instead.
pub fn unfit(given: &PlanInput, into: &Table) -> Vec<Finding> {
    let mut out = target(into);
    let sources = given.manifest.sources.iter().filter_map(|s| Some((&s.table, given.catalog.table(&s.table)?)));
    let sources: Vec<(String, &Table)> = sources.map(|(named, t)| (format!("source {}", named.plain()), t)).collect();
    for (at, legacy) in &sources {
        out.extend(source(at, legacy, into));
        out.extend(sources.iter().filter_map(|(_, other)| twice(at, legacy, other)));
    }
    for m in &given.manifest.mappings {
        let Some(table) = given.catalog.table(&m.table) else { continue };
        out.extend(ruled(&format!("mapping {}", m.name), table));
    }
    out
}

fn refuse(rule: &'static str, about: &str, found: String, todo: impl Into<String>) -> Finding {
    Finding::new(rule, Severity::Refusal, about, found, todo)
}

fn target(into: &Table) -> Vec<Finding> {
    let at = "target.table";
    let name = into.name.plain();
    let mut out: Vec<Finding> = ruled(at, into).into_iter().collect();
    if into.has_heirs {
        let found =
            format!("`{name}` has child tables: their rows show in it, and no unique index holds over all of them");
        let todo = "name a table without child tables: move the children's rows into the parent, and take each child out with \
             `alter table … no inherit …`";
        out.push(refuse("target-child-tables", at, found, todo));
    }
    for t in into.triggers.iter().filter(|t| t.fires() && t.drops) {
        let found = format!("insert trigger `{}` ({}) returns null", t.name, t.function);
        if t.always_drops {
            let todo = format!(
                "rows that it puts elsewhere could neither be counted nor rolled back: name the table that they end in, or {}",
                Sql::fill("alter table ${t} disable trigger ${n}", &[("t", &into.name), ("n", &ident(&t.name))])
            );
            out.push(refuse("routing-trigger", at, found + " for each row", todo));
        } else {
            let todo = "a row that it drops stops the run; nothing of its batch is written then";
            out.push(Finding::new("dropping-trigger", Severity::Warning, at, found + " for some rows", todo));
        }
    }
    if into.unlogged {
        let found = format!("`{name}` is unlogged: a crash of the server empties it, the ledger stays");
        let todo = Sql::fill("alter table ${t} set logged", &[("t", &into.name)]).to_string();
        out.push(Finding::new("unlogged", Severity::Warning, at, found, todo));
    }
    out
}

fn ident(name: &str) -> crate::sql::Ident {
    crate::sql::Ident::of_the_server(name)
}

/// `on conflict` is refused on a table with insert or update rules, and a delete rule would defeat a rollback.
fn ruled(at: &str, table: &Table) -> Option<Finding> {
    let rules: Vec<&str> = table.rules.iter().map(String::as_str).collect();
    let first = rules.first().filter(|_| matches!(table.kind.as_str(), "r" | "p"))?;
    let found =
        format!("`{}` has rules that rewrite what is written to it: {}", table.name.plain(), text::quoted_list(&rules));
    let drop = Sql::fill("drop rule ${r} on ${t}", &[("r", &ident(first)), ("t", &table.name)]);
    Some(refuse(
        "rule",
        at,
        found,
        format!("make it a trigger: the server takes no `on conflict` beside a rule; then {drop}"),
    ))
}

fn source(at: &str, legacy: &Table, into: &Table) -> Vec<Finding> {
    let (from, to) = (legacy.name.plain(), into.name.plain());
    let mut out = Vec::new();
    let kind = match legacy.kind.as_str() {
        "v" => Some("a view"),
        "m" => Some("a materialized view"),
        "f" => Some("a foreign table"),
        _ => None,
    };
    if let Some(kind) = kind {
        let found = format!("`{from}` is {kind}: it has no primary key and cannot be locked; a source must be a table");
        let copy = crate::sql::Name {
            schema: legacy.name.schema.clone(),
            name: ident(&format!("{}_copy", text::cut(legacy.name.name.raw(), 50))),
        };
        let copied = Sql::fill("create table ${c} as table ${v}", &[("c", &copy), ("v", &legacy.name)]);
        let keyed = Sql::fill("alter table ${c} add primary key", &[("c", &copy)]);
        out.push(refuse("not-a-table", at, found, format!("copy it into one and name that: {copied}; {keyed} (…)")));
    }
    if legacy.name == into.name {
        let found = format!("`{from}` is the target itself");
        out.push(refuse("source-is-target", at, found, "name another table as the source, or take it out"));
    } else if legacy.ancestors.contains(&into.name) {
        let found = format!("`{from}` is a child table or partition of the target: its rows show in `{to}` already");
        let alone = Sql::fill("alter table ${c} no inherit ${p}", &[("c", &legacy.name), ("p", &into.name)]);
        out.push(refuse(
            "source-in-target",
            at,
            found,
            format!("take it out of the target first: {alone} (a partition: `detach partition`)"),
        ));
    } else if into.ancestors.contains(&legacy.name) {
        let found = format!("the target is a child table or partition of `{from}`: reading that reads `{to}`, too");
        out.push(refuse(
            "source-in-target",
            at,
            found,
            "name each of the other child tables or partitions as a source",
        ));
    }
    if legacy.has_heirs {
        let found = format!("other tables inherit from `{from}`: no index keeps their ids apart");
        let todo = "name each child table as a source, and move the parent's own rows into one, too";
        out.push(refuse("heirs", at, found, todo));
    }
    out
}

/// Rows of a partition that is a source are read once more through its parent.
fn twice(at: &str, legacy: &Table, other: &Table) -> Option<Finding> {
    let found = format!("its rows are read as those of source `{}`, too", other.name.plain());
    let same = legacy.ancestors.contains(&other.name);
    same.then(|| refuse("source-twice", at, found, "take the one or the other out"))
}

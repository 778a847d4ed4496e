//! Statements of an enhancement that no rollback could undo, and rows that it writes undeclared, before the server is asked.

use crate::finding::{Finding, Severity};
use crate::manifest::{Enhancement, ObjectKind};
use crate::planner::input::PlanInput;
use crate::sql::token::{Kind, Token, tokens};
use crate::text;

/// Functions whose effect a rollback of the transaction does not undo, or that reach outside the database.
const FUNCTIONS: [(&str, &str); 16] = [
    ("setval", "sets a sequence, which a rollback does not set back"),
    ("lo_create", "creates a large object"),
    ("lo_creat", "creates a large object"),
    ("lo_import", "reads a file of the server into a large object"),
    ("lo_export", "writes a file of the server"),
    ("lo_from_bytea", "creates a large object"),
    ("lo_unlink", "deletes a large object"),
    ("lo_put", "writes to a large object"),
    ("lowrite", "writes to a large object"),
    ("dblink", "reaches another server"),
    ("dblink_exec", "reaches another server"),
    ("pg_notify", "notifies other sessions"),
    ("pg_reload_conf", "reloads the server's settings"),
    ("pg_terminate_backend", "ends another session"),
    ("pg_cancel_backend", "cancels another session's statement"),
    ("pg_advisory_lock", "takes a lock that outlives the transaction"),
];

/// The beginnings of statements that reach outside of the transaction or end it.
const STATEMENTS: [(&[&str], &str); 27] = [
    (&["alter", "system"], "changes the server's settings"),
    (&["alter", "database"], "changes a database"),
    (&["create", "database"], "creates a database"),
    (&["drop", "database"], "drops a database"),
    (&["alter", "role"], "changes a role"),
    (&["create", "role"], "creates a role"),
    (&["drop", "role"], "drops a role"),
    (&["alter", "user"], "changes a role"),
    (&["create", "user"], "creates a role"),
    (&["drop", "user"], "drops a role"),
    (&["alter", "group"], "changes a role"),
    (&["create", "group"], "creates a role"),
    (&["drop", "group"], "drops a role"),
    (&["reassign", "owned"], "changes owners in all of the database"),
    (&["drop", "owned"], "drops what a role owns in all of the database"),
    (&["alter", "tablespace"], "changes a tablespace"),
    (&["create", "tablespace"], "creates a tablespace"),
    (&["drop", "tablespace"], "drops a tablespace"),
    (&["create", "subscription"], "reaches another server"),
    (&["alter", "subscription"], "reaches another server"),
    (&["drop", "subscription"], "reaches another server"),
    (&["notify"], "notifies other sessions"),
    (&["vacuum"], "cannot run in a transaction"),
    (&["commit"], "ends the transaction"),
    (&["rollback"], "ends the transaction"),
    (&["begin"], "begins a transaction of its own"),
    (&["start", "transaction"], "begins a transaction of its own"),
];

const WRITES: [(&[&str], &str); 5] = [
    (&["insert", "into"], "inserts into it"),
    (&["merge", "into"], "merges into it"),
    (&["delete", "from"], "deletes from it"),
    (&["update"], "updates it"),
    (&["truncate"], "empties it"),
];

/// Of every file that is still to run.
pub fn beyond_rollback(given: &PlanInput) -> Vec<Finding> {
    let mut out = Vec::new();
    for e in given.manifest.enhancements.iter().filter(|e| !given.applied.contains_key(&e.file)) {
        let Some(script) = given.scripts.iter().find(|s| s.file == e.file) else { continue };
        for statement in script.statements() {
            let Ok(all) = tokens(&statement.text) else { continue };
            let all: Vec<Token> = all.into_iter().filter(|t| !matches!(t.kind, Kind::Comment | Kind::Blank)).collect();
            look(given, e, &all, &mut out);
        }
    }
    out.dedup();
    out
}

fn look(given: &PlanInput, e: &Enhancement, statement: &[Token], out: &mut Vec<Finding>) {
    let word =
        |at: usize, w: &str| statement.get(at).is_some_and(|t| t.kind == Kind::Word && t.text.eq_ignore_ascii_case(w));
    let begins = |words: &[&str]| words.iter().enumerate().all(|(i, w)| word(i, w));
    let mut refuse = |found: String| {
        out.push(Finding::new(
            "outside-transaction",
            Severity::Refusal,
            e.file.clone(),
            found,
            "an enhancement changes only what its own rollback can bring back; take the statement out",
        ));
    };
    if let Some((words, deed)) = STATEMENTS.iter().find(|(words, _)| begins(words)) {
        let savepoint = words.first() == Some(&"rollback") && word(1, "to");
        if !savepoint && e.transaction {
            refuse(format!("`{}` {deed}", words.join(" ")));
        }
    }
    let program = |w: &str| statement.iter().any(|t| t.kind == Kind::Word && t.text.eq_ignore_ascii_case(w));
    if begins(&["copy"]) && !program("stdin") && !program("stdout") {
        refuse("`copy` reads or writes a file of the server".to_owned());
    }
    // a function's body runs some other time, that of a `do` now
    let creates = begins(&["create"]);
    let mut bodies = Vec::new();
    if begins(&["do"]) {
        bodies.extend(statement.iter().filter(|t| t.kind == Kind::Text).map(|t| t.text));
    }
    let calls = |tokens: &[Token], name: &str| {
        tokens.windows(2).any(|w| w[0].identifier().as_deref() == Some(name) && w[1].text == "(")
    };
    for (name, deed) in FUNCTIONS {
        let inside = bodies.iter().any(|b| {
            let body: Vec<Token> = tokens(unquoted(b)).unwrap_or_default();
            let body: Vec<Token> = body.into_iter().filter(|t| t.kind != Kind::Blank).collect();
            calls(&body, name)
        });
        if inside || (!creates && calls(statement, name)) {
            refuse(format!("`{name}` {deed}"));
        }
    }
    let first = ["select", "with", "values", "do", "call"].iter().any(|w| word(0, w));
    let next = |b: &str| {
        let body: Vec<Token> = tokens(unquoted(b)).unwrap_or_default();
        calls(&body, "nextval")
    };
    if first && (calls(statement, "nextval") || bodies.iter().any(|b| next(b))) {
        refuse("`nextval` takes a number from a sequence, which a rollback does not give back".to_owned());
    }
    rows(given, e, statement, out);
}

/// A table that a statement writes to outright, and that `writes` does not name.
fn rows(given: &PlanInput, e: &Enhancement, statement: &[Token], out: &mut Vec<Finding>) {
    let word =
        |at: usize, w: &str| statement.get(at).is_some_and(|t| t.kind == Kind::Word && t.text.eq_ignore_ascii_case(w));
    let Some((words, deed)) = WRITES.iter().find(|(words, _)| words.iter().enumerate().all(|(i, w)| word(i, w))) else {
        return;
    };
    let mut at = words.len();
    while ["table", "only"].iter().any(|w| word(at, w)) {
        at += 1;
    }
    let Some(mut name) = statement.get(at).and_then(Token::identifier) else { return };
    if statement.get(at + 1).is_some_and(|t| t.text == ".") {
        name = statement.get(at + 2).and_then(Token::identifier).unwrap_or(name);
    }
    let declared = e.writes.iter().any(|w| w.table.name.raw() == name);
    let created = given.manifest.enhancements.iter().flat_map(|o| &o.creates);
    let created = created.into_iter().any(|d| matches!(d.kind, ObjectKind::Table | ObjectKind::View) && d.name == name);
    // columns that the file adds are given their values by it
    let fills = e.adds.iter().any(|a| a.table.name.raw() == name) && words.first() == Some(&"update");
    if declared || created || fills {
        return;
    }
    out.push(Finding::new(
        "undeclared-rows",
        Severity::Refusal,
        format!("{}: table {}", e.file, text::inert(&name)),
        format!("the file {deed}, the manifest does not declare it"),
        format!("add to [[enhancement]], with the columns that change: writes.\"{}\" = [\"…\"]", text::inert(&name)),
    ));
}

fn unquoted(body: &str) -> &str {
    let Some(rest) = body.strip_prefix('$') else { return body.trim_matches('\'') };
    let Some(end) = rest.find('$') else { return body };
    let tag = &body[..end + 2];
    body.strip_prefix(tag).and_then(|b| b.strip_suffix(tag)).unwrap_or(body)
}

/// Tables that `writes` names and that are not there, have no primary key, or lack a column.
pub fn writes(given: &PlanInput) -> Vec<Finding> {
    let mut out = Vec::new();
    for e in given.manifest.enhancements.iter().filter(|e| !given.applied.contains_key(&e.file)) {
        for w in &e.writes {
            let about = format!("enhancement {}.writes.{}", e.file, w.table.plain());
            let mut refuse = |rule, found: String, todo: &str| {
                out.push(Finding::new(rule, Severity::Refusal, about.clone(), found, todo));
            };
            let Some(table) = given.catalog.table(&w.table) else {
                refuse("missing-table", format!("there is no table `{}`", w.table.plain()), "correct the name");
                continue;
            };
            let target = given.target().is_some_and(|t| t.name == table.name);
            if e.after_rows && target {
                refuse(
                    "writes-after-rows",
                    "the file runs after the rows moved, and would change rows that check 2 compares with their sources"
                        .to_owned(),
                    "let it run before the rows (leave out `after`), or map what it works out in the manifest",
                );
            }
            if !table.indexes.iter().any(|i| i.primary) {
                let found = format!("`{}` has no primary key: its rows could not be brought back", table.name.plain());
                refuse("id-not-unique", found, "change such rows in a migration of your own");
            }
            for c in w.columns.iter().filter(|c| table.column(c.raw()).is_none()) {
                let found = format!("`{}` has no column `{}`", table.name.plain(), c.raw());
                refuse("unknown-column", found, "correct the name; a column that the file adds is not listed");
            }
        }
    }
    out
}

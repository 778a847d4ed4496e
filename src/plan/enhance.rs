//! Enhancement files as steps: what is declared and not yet there, and the reverse of just that.

use crate::catalog::{Change, Objects};
use crate::finding::{Finding, Severity};
use crate::manifest::{Declared, Enhancement, ObjectKind};
use crate::sql::{Ident, Name, Sql, token};

use super::held::Held;
use super::{Action, Quiet, Reverse};

/// The files of one enhancement.
#[derive(Debug, Clone)]
pub struct Script {
    pub file: String,
    pub up: String,
    pub down: Option<String>,
}

impl Script {
    /// The plain names behind the word `references`: tables that a foreign key of the file points to.
    pub fn refers_to(&self) -> Vec<String> {
        let words = self.up.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';'));
        let words: Vec<&str> = words.filter(|w| !w.is_empty()).collect();
        let named = words.windows(2).filter(|pair| pair[0].eq_ignore_ascii_case("references")).map(|pair| pair[1]);
        let plain = |name: &&str| name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
        named.filter(plain).map(str::to_owned).collect()
    }

    /// Over the text without comments, blanks and line ends.
    pub fn folded(&self) -> String {
        token::folded(&self.up)
    }
}

/// Every object that an enhancement declares, in the catalog's words.
pub fn declared(e: &Enhancement) -> Vec<(String, Declared)> {
    let columns = e.adds.iter().map(|a| {
        let d = Declared {
            kind: ObjectKind::Column,
            name: a.column.raw().to_owned(),
            on: Some(a.table.name.raw().to_owned()),
            arguments: None,
        };
        (worded(&d), d)
    });
    columns.chain(e.creates.iter().map(|d| (worded(d), d.clone()))).collect()
}

/// As `sql/introspect/objects.sql` words it.
pub fn worded(d: &Declared) -> String {
    match d.kind {
        ObjectKind::Column => format!("column {} of {}", d.name, d.on.as_deref().unwrap_or_default()),
        _ => d.plain(),
    }
}

pub struct Around<'a> {
    pub objects: &'a Objects,
    pub schema: &'a Ident,
    pub legacy: &'a [Name],
    /// The target's update triggers.
    pub quiet: Quiet,
}

/// The step of one enhancement; nothing when the ledger says that it was done and all of it is there.
pub fn step(
    e: &Enhancement,
    script: &Script,
    checksum: String,
    done_before: bool,
    around: &Around,
) -> Option<(Action, Reverse)> {
    let missing: Vec<(String, Declared)> =
        declared(e).into_iter().filter(|(word, _)| !around.objects.has(word)).collect();
    let nothing_to_do = missing.is_empty() && (done_before || e.replaces.is_empty());
    if nothing_to_do {
        return None;
    }
    let reverse = match &script.down {
        Some(down) => Reverse::Run(vec![Sql::as_written(down.as_str())]),
        None => {
            // a table takes along what is on it
            let gone =
                |d: &Declared| d.on.as_ref().is_some_and(|t| missing.iter().any(|(w, _)| *w == format!("table {t}")));
            let single = missing.iter().rev().filter(|(_, d)| !gone(d));
            Reverse::Run(single.map(|(_, d)| drop_it(d, around.schema)).collect())
        }
    };
    let created = |kind: ObjectKind| missing.iter().filter(move |(_, d)| d.kind == kind).map(|(_, d)| d.name.clone());
    let action = Action::Enhance {
        file: e.file.clone(),
        checksum,
        script: Sql::as_written(script.up.as_str()),
        transaction: e.transaction,
        // a lock that only a file which updates rows has need of
        quiet: if script.folded().to_lowercase().contains("update") { around.quiet.clone() } else { Quiet::default() },
        holds: Held::of(e, &missing.iter().map(|(word, _)| word.clone()).collect::<Vec<_>>(), around.schema),
        heirs: created(ObjectKind::Table).chain(created(ObjectKind::View)).collect(),
        appears: missing.into_iter().map(|(word, _)| word).collect(),
        replaces: e.replaces.iter().map(worded).collect(),
        legacy: around.legacy.to_vec(),
        schema: around.schema.clone(),
    };
    Some((action, reverse))
}

fn drop_it(d: &Declared, schema: &Ident) -> Sql {
    let qualified = |name: &str| Name { schema: schema.clone(), name: Ident::of_the_server(name) };
    let on = qualified(d.on.as_deref().unwrap_or_default());
    let (this, inner) = (qualified(&d.name), Ident::of_the_server(d.name.as_str()));
    match d.kind {
        ObjectKind::Table => Sql::fill("drop table if exists ${n}", &[("n", &this)]),
        ObjectKind::Index => Sql::fill("drop index if exists ${n}", &[("n", &this)]),
        ObjectKind::View => Sql::fill("drop view if exists ${n}", &[("n", &this)]),
        ObjectKind::Sequence => Sql::fill("drop sequence if exists ${n}", &[("n", &this)]),
        ObjectKind::Type => Sql::fill("drop type if exists ${n}", &[("n", &this)]),
        ObjectKind::Function => {
            let arguments = Sql::of_the_server(d.arguments.clone().unwrap_or_default());
            Sql::fill("drop function if exists ${n}(${a})", &[("n", &this), ("a", &arguments)])
        }
        ObjectKind::Trigger => Sql::fill("drop trigger if exists ${i} on ${t}", &[("i", &inner), ("t", &on)]),
        ObjectKind::Policy => Sql::fill("drop policy if exists ${i} on ${t}", &[("i", &inner), ("t", &on)]),
        ObjectKind::Constraint => {
            Sql::fill("alter table ${t} drop constraint if exists ${i}", &[("i", &inner), ("t", &on)])
        }
        ObjectKind::Column => Sql::fill("alter table ${t} drop column if exists ${i}", &[("i", &inner), ("t", &on)]),
    }
}

/// After the forward SQL: the difference of the catalog must be what was declared, no more and no less.
pub fn verify(file: &str, appears: &[String], replaces: &[String], before: &Objects, after: &Objects) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut say = |rule, object: &str, found: String, todo: &str| {
        findings.push(Finding::new(rule, Severity::Refusal, format!("{file}: {object}"), found, todo));
    };
    for object in appears.iter().filter(|o| !after.has(o)) {
        say(
            "declared-not-created",
            object,
            "declared, but the file did not create it".to_owned(),
            "create it, or take it out of the manifest",
        );
    }
    for change in before.changes(after) {
        let object = change.object().object.clone();
        let parent = change.object().belongs_to.as_ref();
        let parent_is_new = parent.is_some_and(|t| appears.contains(&format!("table {t}")));
        // the columns of a replaced view come and go with it
        if parent.is_some_and(|t| replaces.contains(&format!("view {t}"))) {
            continue;
        }
        // where a new table's columns are declared, all of them are
        let whole = parent.is_some_and(|t| appears.iter().any(|a| a.ends_with(&format!(" of {t}"))));
        let parent_is_new = parent_is_new && !(whole && object.starts_with("column "));
        match change {
            Change::Appeared(_) if appears.contains(&object) || parent_is_new => {}
            Change::Changed(..) if replaces.contains(&object) => {}
            // a table's own line changes with its row security, not with its columns
            Change::Appeared(_) => say(
                "undeclared-object",
                &object,
                "the file created it, the manifest does not declare it".to_owned(),
                "declare it under `adds` or `creates`",
            ),
            Change::Changed(..) => say(
                "undeclared-change",
                &object,
                "the file changed it, the manifest does not declare it".to_owned(),
                "declare it under `replaces`",
            ),
            Change::Vanished(_) => say(
                "undeclared-drop",
                &object,
                "the file dropped it".to_owned(),
                "an enhancement adds; a drop needs its own `.down.sql` and a declaration",
            ),
        }
    }
    findings
}

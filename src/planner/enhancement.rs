//! Enhancement files as steps: what is declared and not yet there, and the reverse of just that.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::catalog::Objects;
use crate::manifest::{Declared, Enhancement, ObjectKind};
use crate::plan::{Action, AddedData, DisabledTriggers, FileState, Reverse, Written};
use crate::planner::input::Applied;
use crate::sql::parse::{self, Statement, Syntax};
use crate::sql::token::{Kind, Token};
use crate::sql::{Ident, Name, Sql, TableRef, token};

/// The files of one enhancement.
#[derive(Debug, Clone)]
pub struct EnhancementScript {
    pub file: String,
    pub up: String,
    pub down: Option<String>,
    /// Parsed once, when somebody asks for it.
    parsed: OnceLock<Vec<Statement>>,
}

impl EnhancementScript {
    pub fn new(file: String, up: String, down: Option<String>) -> EnhancementScript {
        EnhancementScript { file, up, down, parsed: OnceLock::new() }
    }

    /// The statements of the forward file.
    pub fn statements(&self) -> &[Statement] {
        self.parsed.get_or_init(|| parse::script(&self.up))
    }

    /// Tables that a foreign key of the file points to, those in its `do` blocks included.
    pub fn refers_to(&self) -> Vec<TableRef> {
        let mut all: Vec<TableRef> = self.statements().iter().flat_map(referred).collect();
        all.sort();
        all.dedup();
        all
    }

    /// Over the text without comments, blanks and line ends.
    pub fn folded(&self) -> String {
        token::folded(&self.up)
    }
}

fn referred(statement: &Statement) -> Vec<TableRef> {
    let Some(node) = statement.node() else { return Vec::new() };
    if node.is(Syntax::DO) {
        let tokens = node.tokens();
        return tokens.iter().find_map(Token::string).map(|body| referred_within(&body)).unwrap_or_default();
    }
    let keys = node
        .descendants()
        .filter(|n| matches!(n.syntax(), Syntax::FOREIGN_KEY_CONSTRAINT | Syntax::REFERENCES_CONSTRAINT));
    keys.filter_map(|n| n.child(Syntax::TABLE_NAME_REF)?.name()).map(table).collect()
}

/// The body of a block is a string to the grammar: what follows `references` in it, and in the statements that it
/// executes as strings.
fn referred_within(body: &str) -> Vec<TableRef> {
    let tokens = token::tokens(body).unwrap_or_default();
    let tokens: Vec<&Token> = tokens.iter().filter(|t| !matches!(t.kind, Kind::Blank | Kind::Comment)).collect();
    let executed = tokens.iter().filter_map(|t| t.string()).flat_map(|s| parse::script(&s));
    let mut out: Vec<TableRef> = executed.flat_map(|s| referred(&s)).collect();
    for (at, _) in tokens.iter().enumerate().filter(|(_, t)| t.text.eq_ignore_ascii_case("references")) {
        let name = |at: usize| tokens.get(at).and_then(|t| t.identifier());
        let Some(first) = name(at + 1) else { continue };
        let second = tokens.get(at + 2).filter(|t| t.text == ".").and_then(|_| name(at + 3));
        out.push(table(second.map_or((None, first.clone()), |second| (Some(first), second))));
    }
    out
}

fn table((schema, name): (Option<String>, String)) -> TableRef {
    TableRef { schema: schema.map(Ident::of_the_server), name: Ident::of_the_server(name) }
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

/// Every file of the manifest, in its order.
pub fn file_states(
    files: &[Enhancement],
    checksums: &BTreeMap<String, String>,
    applied: &BTreeMap<String, Applied>,
) -> Vec<FileState> {
    let state = |e: &Enhancement| match applied.get(&e.file) {
        None => ("pending", None),
        Some(a) if checksums.get(&e.file) != a.checksum.as_ref() => ("changed", a.run),
        Some(a) => (if a.run.is_some() { "applied" } else { "marked" }, a.run),
    };
    let one = |e: &Enhancement| {
        let (state, run) = state(e);
        FileState { file: e.file.clone(), state, run }
    };
    files.iter().map(one).collect()
}

pub struct EnhancementContext<'a> {
    pub objects: &'a Objects,
    pub schema: &'a Ident,
    pub legacy: &'a [Name],
    /// The target's update triggers.
    pub quiet: DisabledTriggers,
    /// The tables whose rows it may change.
    pub writes: Vec<Written>,
}

/// The step of one enhancement; nothing when the ledger says that it was done.
pub fn step(
    e: &Enhancement,
    script: &EnhancementScript,
    checksum: String,
    done_before: bool,
    around: &EnhancementContext,
) -> Option<(Action, Reverse)> {
    if done_before {
        return None;
    }
    let missing: Vec<(String, Declared)> =
        declared(e).into_iter().filter(|(word, _)| !around.objects.has(word)).collect();
    let reverse = match &script.down {
        Some(down) => Reverse::Run(vec![Sql::as_written(down.as_str())]),
        None => {
            // a table takes along what is on it
            let gone =
                |d: &Declared| d.on.as_ref().is_some_and(|t| missing.iter().any(|(w, _)| *w == format!("table {t}")));
            let single = missing.iter().rev().filter(|(_, d)| !gone(d));
            Reverse::Drop(single.map(|(word, d)| (word.clone(), drop_it(d, around.schema, &script.folded()))).collect())
        }
    };
    let created = |kind: ObjectKind| missing.iter().filter(move |(_, d)| d.kind == kind).map(|(_, d)| d.name.clone());
    let action = Action::Enhance {
        file: e.file.clone(),
        checksum,
        script: Sql::as_written(script.up.as_str()),
        transaction: e.transaction,
        // a lock that only a file which updates rows has need of
        quiet: Box::new(if script.folded().to_lowercase().contains("update") {
            around.quiet.clone()
        } else {
            DisabledTriggers::default()
        }),
        writes: around.writes.clone(),
        has_down: script.down.is_some(),
        holds: AddedData::of(e, &missing.iter().map(|(word, _)| word.clone()).collect::<Vec<_>>(), around.schema),
        heirs: created(ObjectKind::Table).chain(created(ObjectKind::View)).collect(),
        appears: missing.into_iter().map(|(word, _)| word).collect(),
        replaces: e.replaces.iter().map(worded).collect(),
        legacy: around.legacy.to_vec(),
        schema: around.schema.clone(),
    };
    Some((action, reverse))
}

/// `file` tells which kind of view or table it is.
fn drop_it(d: &Declared, schema: &Ident, file: &str) -> Sql {
    let special = |first: &str, kind: &str| creates_special(file, first, kind, &d.name);
    let qualified = |name: &str| Name { schema: schema.clone(), name: Ident::of_the_server(name) };
    let on = qualified(d.on.as_deref().unwrap_or_default());
    let (this, inner) = (qualified(&d.name), Ident::of_the_server(d.name.as_str()));
    match d.kind {
        ObjectKind::Table if special("foreign", "table") => {
            Sql::fill("drop foreign table if exists ${n}", &[("n", &this)])
        }
        ObjectKind::View if special("materialized", "view") => {
            Sql::fill("drop materialized view if exists ${n}", &[("n", &this)])
        }
        ObjectKind::Table => Sql::fill("drop table if exists ${n}", &[("n", &this)]),
        ObjectKind::Index => Sql::fill("drop index if exists ${n}", &[("n", &this)]),
        ObjectKind::View => Sql::fill("drop view if exists ${n}", &[("n", &this)]),
        ObjectKind::Sequence => Sql::fill("drop sequence if exists ${n}", &[("n", &this)]),
        ObjectKind::Type => Sql::fill("drop type if exists ${n}", &[("n", &this)]),
        ObjectKind::Function => {
            let arguments = Sql::of_the_server(d.arguments.clone().unwrap_or_default());
            Sql::fill("drop routine if exists ${n}(${a})", &[("n", &this), ("a", &arguments)])
        }
        ObjectKind::Trigger => Sql::fill("drop trigger if exists ${i} on ${t}", &[("i", &inner), ("t", &on)]),
        ObjectKind::Policy => Sql::fill("drop policy if exists ${i} on ${t}", &[("i", &inner), ("t", &on)]),
        ObjectKind::Constraint => {
            Sql::fill("alter table ${t} drop constraint if exists ${i}", &[("i", &inner), ("t", &on)])
        }
        ObjectKind::Column => Sql::fill("alter table ${t} drop column if exists ${i}", &[("i", &inner), ("t", &on)]),
    }
}

/// Whether the file creates this as a `foreign table` or a `materialized view`.
fn creates_special(file: &str, first: &str, kind: &str, name: &str) -> bool {
    let tokens = token::tokens(file).unwrap_or_default();
    let words: Vec<String> = tokens.iter().filter_map(token::Token::identifier).collect();
    let mut pairs = words.windows(2).enumerate().filter(|(_, w)| w[0] == first && w[1] == kind);
    // `if not exists` and a schema may stand between
    pairs.any(|(at, _)| words.iter().skip(at + 2).take(5).any(|w| w == name))
}

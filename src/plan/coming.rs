//! The target as the enhancements will have made it: what they declare, and what their files say besides.

use crate::catalog::{Constraint, ConstraintKind, Index, Table};
use crate::finding::{Finding, Severity};
use crate::manifest::{Enhancement, ObjectKind};
use crate::sql::{Expr, Ident, Name, TableRef, token};
use crate::text;

use super::build::{Given, declared_column};
use super::ddl::{Drawn, DrawnColumn, Part, drawn};
use super::shapes::type_of;

/// What is still to come to the target, as far as a file says it.
#[derive(Default)]
pub struct Coming {
    pub columns: Vec<(String, DrawnColumn)>,
    pub constraints: Vec<Constraint>,
    pub indexes: Vec<Index>,
    /// Columns that are going to be not null.
    pub not_null: Vec<String>,
    /// What no dry run foretells, each with its file.
    pub unknown: Vec<String>,
}

impl Given<'_> {
    /// The enhancement that creates the target, where it is not there.
    pub fn creator(&self) -> Option<&Enhancement> {
        let name = self.manifest.target.table.name.raw();
        let creates = |e: &&Enhancement| e.creates.iter().any(|d| d.kind == ObjectKind::Table && d.name == name);
        self.manifest.enhancements.iter().find(creates).filter(|_| self.target().is_none())
    }

    /// The schema that enhancements create things in.
    pub fn home(&self) -> Ident {
        let wanted = self.manifest.target.table.schema.clone();
        self.target().map(|t| t.name.schema.clone()).or(wanted).unwrap_or_else(|| self.catalog.home())
    }

    /// The target as it will be once the enhancements ran.
    pub fn target_to_be(&self) -> Option<Table> {
        let mut into = match (self.target(), self.creator()) {
            (Some(now), _) => now.clone(),
            (None, Some(_)) => self.nothing_yet(),
            (None, None) => return None,
        };
        let coming = coming(self);
        let declared = self.manifest.enhancements.iter().flat_map(|e| &e.adds);
        for added in declared.filter(|a| a.table.name == into.name.name) {
            if into.column(added.column.raw()).is_none() {
                let mut column = declared_column(added, self.types);
                if let Some((_, drawn)) = coming.columns.iter().find(|(_, c)| c.name == column.name) {
                    column.not_null |= drawn.not_null;
                    column.identity.clone_from(&drawn.identity);
                    column.generated = drawn.generated;
                    column.generation = drawn.generation.clone().filter(|e| understood(self, e));
                    if column.default.is_none() {
                        column.default.clone_from(&drawn.default);
                        column.volatile_default |= drawn.default.as_deref().is_some_and(super::build::is_volatile);
                    }
                }
                into.columns.push(column);
            }
        }
        for column in into.columns.iter_mut().filter(|c| coming.not_null.contains(&c.name)) {
            column.not_null = true;
        }
        into.constraints.extend(coming.constraints);
        into.indexes.extend(coming.indexes);
        Some(into)
    }

    /// The target before anything of it is there.
    fn nothing_yet(&self) -> Table {
        Table {
            name: Name { schema: self.home(), name: self.manifest.target.table.name.clone() },
            kind: "r".to_owned(),
            owner: self.catalog.server.user.clone(),
            owned: true,
            can_select: true,
            can_insert: true,
            can_update: true,
            row_security: false,
            row_security_forced: false,
            has_heirs: false,
            estimated_rows: 0,
            bytes: 0,
            columns: Vec::new(),
            indexes: Vec::new(),
            constraints: Vec::new(),
            triggers: Vec::new(),
            sequences: Vec::new(),
        }
    }
}

/// What the files of enhancements that are still to run bring to the target.
pub fn coming(given: &Given) -> Coming {
    let mut out = Coming::default();
    let table = given.manifest.target.table.name.raw();
    for e in given.manifest.enhancements.iter().filter(|e| !given.applied.contains_key(&e.file)) {
        let Some(script) = given.scripts.iter().find(|s| s.file == e.file) else { continue };
        let statements = token::statements(&script.up).unwrap_or_default();
        let unread = |s: &&String| s.get(..2).is_some_and(|w| w.eq_ignore_ascii_case("do"));
        if let Some(_block) = statements.iter().find(unread).filter(|s| s.contains(table)) {
            out.unknown.push(format!("a `do` block of {} speaks of `{table}`", e.file));
        }
        for drawn in statements.iter().flat_map(|s| drawn(s, table)) {
            out.add(given, e, drawn);
        }
    }
    out
}

impl Coming {
    fn add(&mut self, given: &Given, e: &Enhancement, drawn: Drawn) {
        let table = given.manifest.target.table.name.raw();
        let mut unknown = |what: String| self.unknown.push(format!("{what}; it comes with {}", e.file));
        let there = |word: String| given.objects.has(&word);
        match drawn {
            Drawn::Table => {}
            Drawn::Column(column) => self.columns.push((e.file.clone(), column)),
            Drawn::NotNull(column) => self.not_null.push(column),
            Drawn::Unknown(what) => unknown(what),
            Drawn::Check { name, expression } => {
                let columns = named_in(&expression, &known(given));
                let name = name.unwrap_or_else(|| match columns.as_slice() {
                    [one] => format!("{table}_{one}_check"),
                    _ => format!("{table}_check"),
                });
                if there(format!("constraint {name} on {table}")) {
                    return;
                }
                match understood(given, &expression) {
                    true => self.constraints.push(constraint(name, ConstraintKind::Check, columns, Some(expression))),
                    false => unknown(format!("check `{name}` is not looked at")),
                }
            }
            Drawn::Unique { name, primary, index, parts, predicate, nulls_not_distinct, deferrable } => {
                let columns: Vec<Option<String>> = parts.iter().map(Part::column).collect();
                let word: Vec<&str> = columns.iter().map(|c| c.as_deref().unwrap_or("expr")).collect();
                let name = name.unwrap_or_else(|| match (primary, index) {
                    (true, _) => format!("{table}_pkey"),
                    (false, false) => format!("{table}_{}_key", word.join("_")),
                    (false, true) => format!("{table}_{}_idx", word.join("_")),
                });
                let object = if index { format!("index {name}") } else { format!("constraint {name} on {table}") };
                if there(object) {
                    return;
                }
                let written = parts.iter().filter_map(Part::expression).chain(predicate.as_deref());
                if !written.clone().all(|e| understood(given, e)) {
                    return unknown(format!("unique index `{name}` is not looked at"));
                }
                self.indexes.push(Index {
                    name,
                    unique: true,
                    primary,
                    valid: true,
                    immediate: !deferrable,
                    nulls_not_distinct,
                    parts: parts.iter().map(Part::printed).collect(),
                    columns,
                    predicate,
                });
            }
            Drawn::Foreign { name, columns, schema, table: to, referenced, deferred } => {
                let name = name.unwrap_or_else(|| format!("{table}_{}_fkey", columns.join("_")));
                if there(format!("constraint {name} on {table}")) {
                    return;
                }
                let ident = |s: String| Ident::of_the_server(s);
                let other = TableRef { schema: schema.map(ident), name: Ident::of_the_server(to.as_str()) };
                let Some(other) = given.catalog.table(&other).filter(|t| t.name.name.raw() != table) else {
                    return unknown(format!("foreign key `{name}` to `{to}` is not looked at"));
                };
                let primary = other.indexes.iter().find(|i| i.primary).map(|i| i.columns.iter().flatten().cloned());
                let referenced = match primary {
                    Some(primary) if referenced.is_empty() => primary.collect(),
                    _ => referenced,
                };
                let mut made = constraint(name, ConstraintKind::Foreign, columns, None);
                made.references = Some(other.name.clone());
                made.referenced_columns = referenced;
                made.deferred = deferred;
                self.constraints.push(made);
            }
        }
    }

    /// Whether a declared object is one that a dry run foretells.
    pub fn foretells(&self, kind: ObjectKind, name: &str) -> bool {
        match kind {
            ObjectKind::Index => self.indexes.iter().any(|i| i.name == name),
            ObjectKind::Constraint => {
                self.indexes.iter().any(|i| i.name == name) || self.constraints.iter().any(|c| c.name == name)
            }
            _ => false,
        }
    }
}

impl Part {
    fn column(&self) -> Option<String> {
        match self {
            Part::Column(c) => Some(c.clone()),
            Part::Expression(_) => None,
        }
    }

    fn expression(&self) -> Option<&str> {
        match self {
            Part::Column(_) => None,
            Part::Expression(e) => Some(e),
        }
    }

    fn printed(&self) -> String {
        match self {
            Part::Column(c) => Ident::of_the_server(c.as_str()).to_string(),
            Part::Expression(e) => e.clone(),
        }
    }
}

fn constraint(name: String, kind: ConstraintKind, columns: Vec<String>, expression: Option<String>) -> Constraint {
    Constraint { name, kind, expression, columns, references: None, referenced_columns: Vec::new(), deferred: false }
}

/// The columns that the target has or will have.
fn known(given: &Given) -> Vec<String> {
    let table = &given.manifest.target.table.name;
    let adds = given.manifest.enhancements.iter().flat_map(|e| &e.adds).filter(|a| a.table.name == *table);
    let now = given.target().map(|t| t.columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>()).unwrap_or_default();
    now.into_iter().chain(adds.map(|a| a.column.raw().to_owned())).collect()
}

fn named_in(expression: &str, known: &[String]) -> Vec<String> {
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    Expr::new(expression).map(|e| e.columns(&known)).unwrap_or_default()
}

/// Names no table, and calls nothing that an enhancement has still to create.
fn understood(given: &Given, expression: &str) -> bool {
    let tokens = token::tokens(expression).unwrap_or_default();
    let words: Vec<&token::Token> = tokens.iter().filter(|t| t.kind != token::Kind::Blank).collect();
    let created = |name: &str| {
        let all = given.manifest.enhancements.iter().flat_map(|e| &e.creates);
        all.into_iter().any(|d| d.kind == ObjectKind::Function && d.name == name)
    };
    let table = given.manifest.target.table.name.raw();
    !words.iter().any(|t| t.identifier().is_some_and(|n| n == table || created(&n))) && Expr::new(expression).is_ok()
}

/// Where the declaration of a target to come and the file that creates it disagree.
pub fn declared_otherwise(given: &Given) -> Vec<Finding> {
    let Some(creator) = given.creator() else { return Vec::new() };
    let table = given.manifest.target.table.name.raw();
    let mut out = Vec::new();
    let mut refuse = |about: String, found: String, todo: String| {
        out.push(Finding::new("declared-otherwise", Severity::Refusal, about, found, todo));
    };
    let coming = coming(given);
    let adds: Vec<_> = (given.manifest.enhancements.iter())
        .flat_map(|e| e.adds.iter().map(move |a| (e, a)))
        .filter(|(_, a)| a.table.name.raw() == table)
        .collect();
    if !adds.iter().any(|(e, _)| e.file == creator.file) {
        let drawn = coming.columns.iter().map(|(_, c)| {
            let not_null = if c.not_null { " not null" } else { "" };
            let default = c.default.as_ref().map(|d| format!(" default {d}")).unwrap_or_default();
            format!(
                "{} = \"{}{not_null}{default}\"",
                c.name,
                c.type_words.join(" ").replace(" ( ", "(").replace(" )", ")")
            )
        });
        let todo = format!("add to [[enhancement]]: adds.{table} = {{ {} }}", drawn.collect::<Vec<_>>().join(", "));
        let found = format!("it creates the target `{table}`, and does not declare its columns");
        refuse(format!("enhancement {}", creator.file), found, text::cut(&text::inert(&todo), 2000));
        return out;
    }
    for (file, column) in &coming.columns {
        let about = format!("enhancement {file}.adds.{table}.{}", text::inert(&column.name));
        let Some((_, added)) = adds.iter().find(|(_, a)| a.column.raw() == column.name) else {
            refuse(
                about,
                "the file creates it, the manifest does not declare it".to_owned(),
                "declare it under `adds`".to_owned(),
            );
            continue;
        };
        let wanted = given.types.get(&added.type_name).map_or(&added.type_name, |t| &t.name);
        let words: Vec<String> = wanted.split(' ').map(str::to_owned).collect();
        let (declared, drawn) = (type_of(&words), type_of(&column.type_words));
        if declared != drawn || (added.not_null && !column.not_null) {
            let word = |not_null: bool| if not_null { " not null" } else { "" };
            let found = format!(
                "declared is `{declared}{}`, the file creates `{drawn}{}`",
                word(added.not_null),
                word(column.not_null)
            );
            refuse(about, found, "let declaration and file agree".to_owned());
        }
    }
    for (e, added) in adds.iter().filter(|_| !coming.columns.is_empty()) {
        if !coming.columns.iter().any(|(_, c)| c.name == added.column.raw()) {
            let about = format!("enhancement {}.adds.{table}.{}", e.file, added.column.raw());
            refuse(
                about,
                "declared, but the file does not create it".to_owned(),
                "create it, or take it out".to_owned(),
            );
        }
    }
    out
}

/// Tables that a file's foreign keys of the target point to.
pub fn referenced(target: &TableRef, scripts: &[super::Script]) -> Vec<String> {
    let statements = scripts.iter().flat_map(|s| token::statements(&s.up).unwrap_or_default());
    let drawn = statements.flat_map(|s| drawn(&s, target.name.raw()));
    let to = |d: Drawn| match d {
        Drawn::Foreign { table, .. } => Some(table),
        _ => None,
    };
    drawn.filter_map(to).collect()
}

/// The expressions of what is to come, each with the object that it belongs to.
pub fn written(given: &Given) -> Vec<(String, Expr)> {
    let coming = coming(given);
    let checks = coming.constraints.iter().filter_map(|c| Some((&c.name, c.expression.clone()?)));
    let keyed = coming.indexes.iter().flat_map(|i| {
        let parts = i.parts.iter().zip(&i.columns).filter(|(_, c)| c.is_none()).map(|(p, _)| p.clone());
        parts.chain(i.predicate.clone()).map(move |e| (&i.name, e))
    });
    let generated = coming.columns.iter().filter_map(|(_, c)| Some((&c.name, c.generation.clone()?)));
    checks
        .chain(keyed)
        .chain(generated)
        .filter_map(|(name, e)| Some((format!("`{name}`"), Expr::new(&e).ok()?)))
        .collect()
}

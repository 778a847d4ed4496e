//! The target as the enhancements will have made it: what they declare, and what their files say besides.

use std::collections::BTreeMap;

use crate::catalog::{Column, Constraint, ConstraintKind, Index, Table, TypeShape};
use crate::finding::{Finding, Severity};
use crate::manifest::{Added, Enhancement, ObjectKind};
use crate::planner::ddl::existing_objects::type_of;
use crate::planner::ddl::statement::{DdlColumn, DdlFact, KeyPart, facts};
use crate::planner::enhancement::EnhancementScript;
use crate::planner::input::PlanInput;
use crate::sql::parse::{Statement, Syntax};
use crate::sql::{Expr, Ident, Name, TableRef, token};
use crate::text;

/// What is still to come to the target, as far as a file says it.
#[derive(Default)]
pub struct TargetAfter {
    pub columns: Vec<(String, DdlColumn)>,
    pub constraints: Vec<Constraint>,
    pub indexes: Vec<Index>,
    /// Constraints that rows which are there are not held to.
    pub not_valid: Vec<String>,
    /// Columns that are going to be not null.
    pub not_null: Vec<String>,
    /// What no dry run foretells, each with its file.
    pub unknown: Vec<String>,
}

impl PlanInput<'_> {
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
    pub fn target_after(&self) -> Option<Table> {
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
                        column.volatile_default |= drawn.default.as_deref().is_some_and(is_volatile);
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
            owner_is_superuser: false,
            owned: true,
            can_select: true,
            can_insert: true,
            can_update: true,
            row_security: false,
            row_security_forced: false,
            has_heirs: false,
            ancestors: Vec::new(),
            rules: Vec::new(),
            unlogged: false,
            estimated_rows: 0,
            bytes: 0,
            columns: Vec::new(),
            indexes: Vec::new(),
            constraints: Vec::new(),
            triggers: Vec::new(),
            sequences: Vec::new(),
            closed_sequences: Vec::new(),
            types: Vec::new(),
        }
    }
}

/// What the files of enhancements that are still to run bring to the target.
pub fn coming(given: &PlanInput) -> TargetAfter {
    let mut out = TargetAfter::default();
    let table = given.manifest.target.table.name.raw();
    for e in given.manifest.enhancements.iter().filter(|e| !given.applied.contains_key(&e.file)) {
        let Some(script) = given.scripts.iter().find(|s| s.file == e.file) else { continue };
        let statements = script.statements();
        let block = |s: &Statement| s.node().is_some_and(|n| n.is(Syntax::DO)) && s.text.contains(table);
        if statements.iter().any(block) {
            out.unknown.push(format!("a `do` block of {} speaks of `{table}`", e.file));
        }
        for drawn in statements.iter().flat_map(|s| facts(s, table)) {
            out.add(given, e, drawn);
        }
    }
    out
}

impl TargetAfter {
    fn add(&mut self, given: &PlanInput, e: &Enhancement, drawn: DdlFact) {
        let table = given.manifest.target.table.name.raw();
        let mut unknown = |what: String| self.unknown.push(format!("{what}; it comes with {}", e.file));
        let there = |word: String| given.objects.has(&word);
        match drawn {
            DdlFact::Table => {}
            DdlFact::Column(column) => self.columns.push((e.file.clone(), column)),
            DdlFact::NotNull(column) => self.not_null.push(column),
            DdlFact::Unknown(what) => unknown(what),
            DdlFact::Validated(name) => self.not_valid.retain(|n| *n != name),
            DdlFact::Check { name, expression, not_valid } => {
                let columns = named_in(&expression, &known(given));
                let name = name.unwrap_or_else(|| match columns.as_slice() {
                    [one] => format!("{table}_{one}_check"),
                    _ => format!("{table}_check"),
                });
                if there(format!("constraint {name} on {table}")) {
                    return;
                }
                self.not_valid.extend(not_valid.then(|| name.clone()));
                match understood(given, &expression) {
                    true => self.constraints.push(constraint(name, ConstraintKind::Check, columns, Some(expression))),
                    false => unknown(format!("check `{name}` is not looked at")),
                }
            }
            DdlFact::Unique { name, primary, index, parts, predicate, nulls_not_distinct, deferrable } => {
                let columns: Vec<Option<String>> = parts.iter().map(KeyPart::column).collect();
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
                let written = parts.iter().filter_map(KeyPart::expression).chain(predicate.as_deref());
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
                    parts: parts.iter().map(KeyPart::printed).collect(),
                    columns,
                    predicate,
                    key_parts: Vec::new(),
                });
            }
            DdlFact::Foreign { name, columns, schema, table: to, referenced, deferred, not_valid } => {
                let name = name.unwrap_or_else(|| format!("{table}_{}_fkey", columns.join("_")));
                if there(format!("constraint {name} on {table}")) {
                    return;
                }
                self.not_valid.extend(not_valid.then(|| name.clone()));
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
    pub fn predicts(&self, kind: ObjectKind, name: &str) -> bool {
        match kind {
            ObjectKind::Index => self.indexes.iter().any(|i| i.name == name),
            ObjectKind::Constraint => {
                self.indexes.iter().any(|i| i.name == name) || self.constraints.iter().any(|c| c.name == name)
            }
            _ => false,
        }
    }
}

impl KeyPart {
    fn column(&self) -> Option<String> {
        match self {
            KeyPart::Column(c) => Some(c.clone()),
            KeyPart::Expression(_) => None,
        }
    }

    fn expression(&self) -> Option<&str> {
        match self {
            KeyPart::Column(_) => None,
            KeyPart::Expression(e) => Some(e),
        }
    }

    fn printed(&self) -> String {
        match self {
            KeyPart::Column(c) => Ident::of_the_server(c.as_str()).to_string(),
            KeyPart::Expression(e) => e.clone(),
        }
    }
}

fn constraint(name: String, kind: ConstraintKind, columns: Vec<String>, expression: Option<String>) -> Constraint {
    Constraint {
        name,
        kind,
        expression,
        columns,
        references: None,
        referenced_columns: Vec::new(),
        operators: Vec::new(),
        collations: Vec::new(),
        deferred: false,
    }
}

/// The columns that the target has or will have.
fn known(given: &PlanInput) -> Vec<String> {
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
fn understood(given: &PlanInput, expression: &str) -> bool {
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
pub fn declared_otherwise(given: &PlanInput) -> Vec<Finding> {
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
pub fn referenced(target: &TableRef, scripts: &[EnhancementScript]) -> Vec<String> {
    let statements = scripts.iter().flat_map(EnhancementScript::statements);
    let drawn = statements.flat_map(|s| facts(s, target.name.raw()));
    let to = |d: DdlFact| match d {
        DdlFact::Foreign { table, .. } => Some(table),
        _ => None,
    };
    drawn.filter_map(to).collect()
}

/// The expressions of what is to come, each with the object that it belongs to.
pub fn written(given: &PlanInput) -> Vec<(String, Expr)> {
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

/// A column to come, typed by its declaration.
pub fn declared_column(added: &Added, types: &BTreeMap<String, TypeShape>) -> Column {
    let shape = types.get(&added.type_name);
    let base = shape.map_or_else(|| added.type_name.clone(), |s| s.name.clone());
    let bottom = shape.map_or_else(|| base.clone(), |s| s.bottom.clone());
    let numbers: Vec<i32> = (added.type_name.split_once('('))
        .and_then(|(_, n)| n.split_once(')'))
        .map(|(n, _)| n.split(',').filter_map(|p| p.trim().parse().ok()).collect())
        .unwrap_or_default();
    let element = bottom.trim_end_matches("[]");
    let first = |types: &[&str]| numbers.first().copied().filter(|_| types.contains(&element));
    let precision = first(&["numeric"]);
    let default = added.default.as_ref().map(|e| e.raw().to_owned());
    let volatile = default.as_deref().is_some_and(is_volatile);
    let timed = (element.starts_with("time") || element == "interval") && added.type_name != base;
    Column {
        name: added.column.raw().to_owned(),
        type_name: added.type_name.clone(),
        length: first(&["character varying", "character"]).or(shape.and_then(|s| s.length)),
        bits: first(&["bit", "bit varying"]).or(shape.and_then(|s| s.bits)),
        precision: precision.or(shape.and_then(|s| s.precision)),
        scale: precision.map(|_| numbers.get(1).copied().unwrap_or(0)).or(shape.and_then(|s| s.scale)),
        bottom_type: bottom,
        base_type: base,
        not_null: added.not_null,
        default,
        volatile_default: volatile,
        identity: String::new(),
        generated: false,
        is_domain: shape.is_some_and(|s| s.is_domain),
        is_enum: shape.is_some_and(|s| s.is_enum),
        typmod: numbers.first().copied().filter(|_| timed),
        equality: shape.and_then(|s| s.equality.clone()),
        collation: shape.and_then(|s| s.collation.clone()),
        cast_to_text: shape.is_some_and(|s| s.cast_to_text),
        ..Column::default()
    }
}

pub(in crate::planner) fn is_volatile(default: &str) -> bool {
    let default = default.to_lowercase();
    ["random", "nextval", "clock_timestamp", "uuid"].iter().any(|v| default.contains(v))
}

//! The steps of one run, in order.

use std::collections::BTreeMap;

use crate::catalog::{Catalog, Column, Objects, Table, TypeShape};
use crate::error::{Error, Result};
use crate::manifest::{Added, Manifest, Mapping, OnDuplicate};
use crate::sql::{Ident, Literal, Name, Sql};

use super::changes::{quiet, target_hash};
use super::contest::joins_what_is_apart;
use super::enhance::{self, Around, Script};
use super::fold::Fold;
use super::late::{settle, writers};
use super::mapped::{self, Sides, map_step};
use super::preserved::remember;
use super::sources::Composer;
use super::{Action, Decided, MapStep, Part, Plan, Reverse, Step, Undo};

pub use super::sources::Before;

/// Which parts of a consolidation a command carries out.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    pub enhance: bool,
    pub migrate: bool,
    /// Names of mappings; `None` for none, an empty list for all.
    pub map: Option<Vec<String>>,
    /// The application goes on writing to the sources, and the run settles with them at its end.
    pub online: bool,
    /// Which legacy rows are taken.
    pub part: Part,
    /// A mapping's name, and what people decided of it.
    pub decided: Option<(String, Vec<Decided>)>,
}

/// Everything that a plan is made from.
pub struct Given<'a> {
    pub consolidation: &'a str,
    pub verb: &'a str,
    pub manifest: &'a Manifest,
    pub catalog: &'a Catalog,
    pub objects: &'a Objects,
    pub scripts: &'a [Script],
    /// Taxonomy texts by file name.
    pub taxonomies: &'a BTreeMap<String, String>,
    /// The checksum of each enhancement file.
    pub checksums: &'a BTreeMap<String, String>,
    /// Enhancements that runs which stand have done, with their checksums.
    pub applied: &'a BTreeMap<String, String>,
    /// Written type names as the server spells them.
    pub types: &'a BTreeMap<String, TypeShape>,
    pub before: &'a Before,
    /// Foreign keys into the target: (table, column, target column).
    pub referenced_by: &'a [(Name, Ident, Ident)],
    pub scope: Scope,
}

impl Given<'_> {
    pub fn target(&self) -> Option<&Table> {
        self.catalog.table(&self.manifest.target.table)
    }

    /// The sources that are there, resolved.
    pub fn folds<'a>(&'a self, into: &'a Table) -> Vec<Fold<'a>> {
        let present = self.manifest.sources.iter().filter_map(|s| Some((s, self.catalog.table(&s.table)?)));
        present
            .enumerate()
            .map(|(place, (source, legacy))| Fold {
                source,
                legacy,
                target: &self.manifest.target,
                into,
                place: place as i64,
                late: false,
            })
            .collect()
    }

    /// Keys that join rows which the source's own unique keys keep apart.
    pub fn doubtful_keys(&self, into: &Table) -> Vec<String> {
        self.folds(into).iter().filter(|f| joins_what_is_apart(f)).map(Fold::name).collect()
    }
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
        ..Column::default()
    }
}

pub(super) fn is_volatile(default: &str) -> bool {
    let default = default.to_lowercase();
    ["random", "nextval", "clock_timestamp", "uuid"].iter().any(|v| default.contains(v))
}

/// The plan. The contract was checked before: what it promises is taken for granted here.
pub fn build(given: &Given) -> Result<Plan> {
    let manifest = given.manifest;
    let now = given.target();
    let into = given.target_to_be().ok_or_else(|| Error::bug("a plan was made without its target"))?;
    let folds = given.folds(&into);
    let present: Vec<String> = now.map(|t| t.columns.iter().map(|c| c.name.clone()).collect()).unwrap_or_default();
    let valid = now.map(|t| t.indexes.iter().filter(|i| i.valid).map(|i| i.name.clone()).collect());
    let indexes: Vec<String> = valid.unwrap_or_default();
    let composer = Composer {
        folds: &folds,
        before: given.before,
        part: &given.scope.part,
        late: false,
        has_key: present.iter().any(|c| c == manifest.target.key.raw()),
        has_target: now.is_some(),
        present: &present,
        indexes: &indexes,
        server_version: given.catalog.server.version,
    };
    let mut steps = Steps(Vec::new());
    if let Some(now) = now {
        let intent = "hash the rows that are there, before anything is written";
        steps.add(intent, Action::Remember { sql: remember(given.manifest, now) }, Reverse::Nothing);
    }
    if given.scope.enhance {
        enhancements(given, &mut steps)?;
        steps.add(
            "give the rows that were there their key",
            Action::Backfill { fill: backfill(given, &into), quiet: quiet(&into) },
            Reverse::Nothing,
        );
    }
    if given.scope.migrate {
        if !given.scope.enhance && manifest.target.existing.is_some() {
            steps.add(
                "give rows that came without a key their key",
                Action::Backfill { fill: backfill(given, &into), quiet: quiet(&into) },
                Reverse::Nothing,
            );
        }
        if let Some(action) = super::changes::advance(given, &into) {
            steps.add("let new ids come behind those that come back", action, Reverse::Nothing);
        }
        if !folds.is_empty() {
            let sql = composer.store_contest();
            steps.add("settle who wins each contested key", Action::Contest { sql }, Reverse::Nothing);
        }
        for fold in &folds {
            let number = steps.next();
            let moving = composer.moving(fold, number);
            steps.add(&format!("fold {} in", fold.name()), Action::Move(Box::new(moving)), Reverse::Nothing);
        }
        if given.scope.online && !folds.is_empty() {
            let settle = settle(given, &composer, &steps.0);
            steps.add("settle with what was written meanwhile", Action::Settle(Box::new(settle)), Reverse::Nothing);
        }
        if let Some(action) = super::changes::behind(&into, &folds) {
            steps.add("let new ids come behind those that the sources brought", action, Reverse::Nothing);
        }
        let tables = vec![into.name.clone()];
        steps.add("fresh statistics of the target", Action::Analyze { tables }, Reverse::Nothing);
    }
    mappings(given, &into, &mut steps)?;
    Ok(Plan {
        consolidation: given.consolidation.to_owned(),
        verb: given.verb.to_owned(),
        target: into.name.clone(),
        target_id: manifest.target.id.clone(),
        target_id_type: into.column(manifest.target.id.raw()).map_or("text", Column::uncut_type).to_owned(),
        key: manifest.target.key.clone(),
        search_path: search_path(manifest, &into.name),
        undo: undo_facts(given, &into),
        max_rejects: manifest.target.max_rejects,
        // what a part run brings is no count of the whole
        arrived: if given.scope.part.whole() { manifest.arrived.clone() } else { Vec::new() },
        sensitive: folds.iter().filter_map(hidden).collect(),
        unpredictable: super::unpredictable::unpredictable(given, &into),
        writers: writers(given),
        steps: steps.0,
    })
}

/// A source with what its files do not show.
fn hidden(fold: &Fold) -> Option<(String, Vec<String>)> {
    let mut columns = fold.source.sensitive.clone();
    let known = fold.legacy.column_names();
    if fold.source.key.columns(&known).iter().any(|c| columns.contains(c)) {
        columns.push("(key)".to_owned());
    }
    (!columns.is_empty()).then(|| (fold.name(), columns))
}

struct Steps(Vec<Step>);

impl Steps {
    fn next(&self) -> i32 {
        self.0.len() as i32 + 1
    }

    fn add(&mut self, intent: &str, action: Action, reverse: Reverse) {
        let number = self.next();
        self.0.push(Step { number, intent: intent.to_owned(), action, reverse });
    }
}

/// The target's schema first, then what the manifest adds.
pub fn search_path(manifest: &Manifest, target: &Name) -> Vec<Ident> {
    let mut path = vec![target.schema.clone()];
    for more in &manifest.target.search_path {
        if !path.contains(more) {
            path.push(more.clone());
        }
    }
    path
}

fn enhancements(given: &Given, steps: &mut Steps) -> Result<()> {
    let legacy: Vec<Name> =
        given.manifest.sources.iter().filter_map(|s| given.catalog.table(&s.table)).map(|t| t.name.clone()).collect();
    let home = given.home();
    for e in &given.manifest.enhancements {
        let script = given.scripts.iter().find(|s| s.file == e.file);
        let script = script.ok_or_else(|| Error::bug(format!("the file of {} was not read", e.file)))?;
        let checksum = given.checksums.get(&e.file).cloned().unwrap_or_default();
        let done_before = given.applied.contains_key(&e.file);
        let quiet = given.target().map(quiet).unwrap_or_default();
        let around = Around { objects: given.objects, schema: &home, legacy: &legacy, quiet };
        if let Some((action, reverse)) = enhance::step(e, script, checksum, done_before, &around) {
            steps.add(&format!("enhance with {}", e.file), action, reverse);
        }
    }
    Ok(())
}

/// `$1` run, `$2` step: keys for the rows that have none, with their before-images.
fn backfill(given: &Given, into: &Table) -> Sql {
    let Some(existing) = &given.manifest.target.existing else { return Sql::constant("") };
    Sql::fill(
        include_str!("../../sql/run/backfill.sql"),
        &[
            ("target", &into.name),
            ("alias", &Ident::of_the_server("pgfold_t")),
            ("id", &given.manifest.target.id),
            ("key", &given.manifest.target.key),
            ("existing", existing),
            ("table_name", &Literal::new(into.name.plain())),
            ("key_name", &Literal::new(given.manifest.target.key.raw())),
        ],
    )
}

fn mappings(given: &Given, into: &Table, steps: &mut Steps) -> Result<()> {
    if let Some((name, decisions)) = &given.scope.decided {
        let mapping = given.manifest.mapping(name).ok_or_else(|| Error::bug(format!("no mapping {name}")))?;
        let map = Box::new(one_mapping(given, into, mapping)?);
        let action = Action::Decide { map, decisions: decisions.clone() };
        steps.add(&format!("write what people decided of {name}"), action, Reverse::Nothing);
    }
    let Some(wanted) = &given.scope.map else { return Ok(()) };
    let chosen = given.manifest.mappings.iter().filter(|m| wanted.is_empty() || wanted.contains(&m.name));
    for mapping in chosen {
        let step = one_mapping(given, into, mapping)?;
        let table = step.table.clone();
        steps.add(&format!("map {}", mapping.name), Action::Map(Box::new(step)), Reverse::Nothing);
        let analyze = Action::Analyze { tables: vec![table.clone()] };
        steps.add(&format!("fresh statistics of {}", table.name.raw()), analyze, Reverse::Nothing);
    }
    Ok(())
}

/// The statements of one mapping on this target.
pub fn one_mapping(given: &Given, into: &Table, mapping: &Mapping) -> Result<MapStep> {
    let right = given.catalog.table(&mapping.right.table);
    let right = right.ok_or_else(|| Error::bug(format!("mapping {} without its right side", mapping.name)))?;
    let table = match given.catalog.table(&mapping.table) {
        Some(table) => table.name.clone(),
        None => Name {
            schema: mapping.table.schema.clone().unwrap_or_else(|| into.name.schema.clone()),
            name: mapping.table.name.clone(),
        },
    };
    let text = given.taxonomies.get(&mapping.taxonomy).cloned().unwrap_or_default();
    // `rest` writes the source's name into each row that arrives
    let rest = given.manifest.sources.iter().find_map(|s| s.rest.as_ref());
    let source = match rest.filter(|r| into.column(r.into.raw()).is_some()) {
        Some(rest) => Sql::fill(
            "pgfold_t.${c} -> ${u} ->> 'pgfold_source'",
            &[("c", &rest.into), ("u", &Literal::new(rest.under.as_str()))],
        ),
        None => Sql::constant("null::text"),
    };
    let fillable = given.catalog.table(&mapping.table).map(|t| mapped::fillable(mapping, t)).unwrap_or_default();
    let sides = Sides { target: &given.manifest.target, into, table, right, source, fillable };
    Ok(map_step(mapping, &sides, (mapping.taxonomy.clone(), text)))
}

/// Columns that a merge may write, with their types.
fn fillable(given: &Given, into: &Table) -> Vec<(Ident, String)> {
    let manifest = given.manifest;
    let merges = given.scope.part.changed || manifest.sources.iter().any(|s| s.on_duplicate == OnDuplicate::Merge);
    let folds = given.folds(into);
    let mut fillable: Vec<(Ident, String)> = Vec::new();
    for (column, _) in folds.iter().filter(|_| merges).flat_map(Fold::columns) {
        if column != manifest.target.key && !fillable.iter().any(|(c, _)| *c == column) {
            let type_name = into.column(column.raw()).map_or("text", Column::uncut_type).to_owned();
            fillable.push((column, type_name));
        }
    }
    fillable
}

/// The assignments that bring back what a merge wrote over, from an image `b`; none where nothing merges.
pub(super) fn restoring(given: &Given, into: Option<&Table>) -> Option<Sql> {
    let columns = fillable(given, into?);
    let one = |(c, type_name): &(Ident, String)| {
        Sql::fill(
            "${c} = case when b.columns ? ${n} then (b.columns ->> ${n})::${t} else pgfold_t.${c} end",
            &[("c", c), ("n", &Literal::new(c.raw())), ("t", &Sql::of_the_server(type_name.as_str()))],
        )
    };
    (!columns.is_empty()).then(|| Sql::join(", ", columns.iter().map(one)))
}

fn undo_facts(given: &Given, into: &Table) -> Undo {
    let manifest = given.manifest;
    let soft = manifest.target.soft_delete.iter().flat_map(|s| &s.set);
    let alias = Ident::of_the_server("pgfold_t");
    let server = &given.catalog.server;
    let mut referenced_by = given.referenced_by.to_vec();
    for mapping in &manifest.mappings {
        let table = Name { schema: into.name.schema.clone(), name: mapping.table.name.clone() };
        if !referenced_by.iter().any(|(t, c, _)| *t == table && *c == mapping.left) {
            referenced_by.push((table, mapping.left.clone(), manifest.target.id.clone()));
        }
    }
    referenced_by.retain(|(t, ..)| *t != into.name);
    Undo {
        database: server.database.clone(),
        system_identifier: server.system_identifier.clone(),
        server_version: server.version,
        live: manifest.target.soft_delete.as_ref().map(|s| Sql::fill("${l}", &[("l", &s.live)])),
        soft_delete: soft.map(|(c, e)| (c.clone(), e.raw().to_owned())).collect(),
        fillable: fillable(given, into),
        target_hash: Some(target_hash(&alias, into, &manifest.target.churn)),
        quiet: quiet(into),
        referenced_by,
    }
}

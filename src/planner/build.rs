//! The steps of one run, in order.

use crate::catalog::{Column, Table};
use crate::error::{Error, Result};
use crate::manifest::{Enhancement, Manifest, Mapping, OnDeadMatch, OnDuplicate, Writes};
use crate::plan::{Action, HashedColumns, MapStep, Plan, Reverse, RollbackFacts, Step, Written};
use crate::planner::enhancement::{self, EnhancementContext, EnhancementScript};
use crate::planner::input::PlanInput;
use crate::planner::mapping::{self, MappingSides, map_step};
use crate::planner::rows::classify::Classifier;
use crate::planner::rows::online::{settle, writers};
use crate::planner::rows::preserved::{preserved_columns, remember};
use crate::planner::rows::source_query::{Pass, SourceQuery};
use crate::planner::rows::write::{quiet, target_hash};
use crate::sql::{Ident, Literal, Name, Sql, token};

/// The plan. The contract was checked before: what it promises is taken for granted here.
pub fn build(given: &PlanInput) -> Result<Plan> {
    let manifest = given.manifest;
    let now = given.target();
    let into = given.target_after().ok_or_else(|| Error::bug("a plan was made without its target"))?;
    let folds = given.source_queries(&into);
    let present: Vec<String> = now.map(|t| t.columns.iter().map(|c| c.name.clone()).collect()).unwrap_or_default();
    let valid = now.map(|t| t.indexes.iter().filter(|i| i.valid).map(|i| i.name.clone()).collect());
    let indexes: Vec<String> = valid.unwrap_or_default();
    let composer = Classifier {
        folds: &folds,
        before: given.before,
        part: &given.scope.part,
        pass: Pass::Load,
        has_key: present.iter().any(|c| c == manifest.target.key.raw()),
        has_target: now.is_some(),
        present: &present,
        indexes: &indexes,
        server_version: given.catalog.server.version,
    };
    let mut steps = Steps(Vec::new());
    let mut claims = None;
    if let Some(now) = now {
        let intent = "hash the rows that are there, before anything is written";
        steps.add(intent, Action::Remember { sql: remember(given.manifest, now) }, Reverse::Nothing);
    }
    if given.scope.enhance {
        enhancements(given, &mut steps, false)?;
        steps.add(
            "give the rows that were there their key",
            Action::Backfill { fill: backfill(given, &into), quiet: quiet(&into) },
            Reverse::Nothing,
        );
    }
    if given.scope.migrate {
        if !given.scope.enhance && manifest.target.existing_key.is_some() {
            steps.add(
                "give rows that came without a key their key",
                Action::Backfill { fill: backfill(given, &into), quiet: quiet(&into) },
                Reverse::Nothing,
            );
        }
        if let Some(action) = crate::planner::rows::write::advance(given, &into) {
            steps.add("advance the sequence past ids that come back", action, Reverse::Nothing);
        }
        if !folds.is_empty() {
            let sql = composer.store_key_conflicts();
            steps.add(
                "settle who wins each contested key",
                Action::Contest { sql, timezone: one_zone(&folds) },
                Reverse::Nothing,
            );
        }
        for fold in &folds {
            let number = steps.next();
            let moving = composer.load(fold, number);
            steps.add(&format!("fold {} in", fold.name()), Action::Move(Box::new(moving)), Reverse::Nothing);
        }
        if !given.scope.online && !folds.is_empty() {
            claims = Some(Box::new(settle(given, &composer, &steps.0)));
        }
        if given.scope.online && !folds.is_empty() {
            let settle = settle(given, &composer, &steps.0);
            steps.add("settle with what was written meanwhile", Action::Settle(Box::new(settle)), Reverse::Nothing);
        }
        for (column, action) in crate::planner::rows::write::behind(&into, &folds) {
            steps.add(&format!("advance the sequence of {column}"), action, Reverse::Nothing);
        }
        enhancements(given, &mut steps, true)?;
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
        unpredictable: crate::planner::contract::unpredictable::unpredictable(given, &into),
        writers: writers(given),
        claims,
        hashed: hashed(given, &into, &folds),
        steps: steps.0,
    })
}

/// Of which columns the hashes are that this run takes.
fn hashed(given: &PlanInput, into: &Table, folds: &[SourceQuery]) -> HashedColumns {
    let names = |columns: &[Column]| columns.iter().map(|c| c.name.clone()).collect();
    let target = crate::planner::rows::write::hashed_columns(into, &given.manifest.target.ignore_changes);
    HashedColumns {
        target: target.into_iter().map(|c| c.name.clone()).collect(),
        target_all: names(&into.columns),
        existing: given.target().map(|now| preserved_columns(given.manifest, now)).unwrap_or_default(),
        sources: folds.iter().map(|f| (f.name(), names(&f.legacy.columns))).collect(),
    }
}

/// The zone of a statement that reads all of these; none where each sets its own.
pub(in crate::planner) fn one_zone(folds: &[SourceQuery]) -> Option<String> {
    let first = folds.first().filter(|f| f.zone.is_none())?;
    first.source.timezone.clone()
}

/// A source with what its files do not show.
fn hidden(fold: &SourceQuery) -> Option<(String, Vec<String>)> {
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

/// Those that run before the rows move, or after.
fn enhancements(given: &PlanInput, steps: &mut Steps, after_rows: bool) -> Result<()> {
    let legacy: Vec<Name> =
        given.manifest.sources.iter().filter_map(|s| given.catalog.table(&s.table)).map(|t| t.name.clone()).collect();
    let home = given.home();
    for e in given.manifest.enhancements.iter().filter(|e| e.after_rows == after_rows) {
        let script = given.scripts.iter().find(|s| s.file == e.file);
        let script = script.ok_or_else(|| Error::bug(format!("the file of {} was not read", e.file)))?;
        let checksum = given.checksums.get(&e.file).cloned().unwrap_or_default();
        let done_before = given.applied.contains_key(&e.file);
        let quiet = given.target().map(crate::planner::rows::write::quiet_beside_inserts).unwrap_or_default();
        let writes = written(given, e, script, &home);
        let around = EnhancementContext { objects: given.objects, schema: &home, legacy: &legacy, quiet, writes };
        if let Some((action, reverse)) = enhancement::step(e, script, checksum, done_before, &around) {
            steps.add(&format!("enhance with {}", e.file), action, reverse);
        }
    }
    Ok(())
}

/// The tables whose rows a file may change. One that gives values to columns that it adds changes no other.
fn written(given: &PlanInput, e: &Enhancement, script: &EnhancementScript, home: &Ident) -> Vec<Written> {
    let mut all: Vec<Writes> = e.writes.clone();
    let updates = token::tokens(&script.up).unwrap_or_default().iter().any(|t| {
        let text = t.text.to_lowercase();
        matches!(t.kind, token::Kind::Word | token::Kind::Text) && text.contains("update")
    });
    for added in e.adds.iter().filter(|_| updates) {
        if !all.iter().any(|w| w.table == added.table) {
            all.push(Writes { table: added.table.clone(), columns: Vec::new() });
        }
    }
    all.iter().filter_map(|w| Written::of(w, given.catalog.table(&w.table)?, home)).collect()
}

/// `$1` run, `$2` step: keys for the rows that have none, with their before-images.
fn backfill(given: &PlanInput, into: &Table) -> Sql {
    let Some(existing) = &given.manifest.target.existing_key else { return Sql::constant("") };
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

fn mappings(given: &PlanInput, into: &Table, steps: &mut Steps) -> Result<()> {
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
pub fn one_mapping(given: &PlanInput, into: &Table, mapping: &Mapping) -> Result<MapStep> {
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
    // `unmapped` writes the source's name into each row that arrives
    let rest = given.manifest.sources.iter().find_map(|s| s.unmapped.as_ref());
    let source = match rest.filter(|r| into.column(r.into.raw()).is_some()) {
        Some(rest) => Sql::fill(
            "pgfold_t.${c} -> ${u} ->> 'pgfold_source'",
            &[("c", &rest.into), ("u", &Literal::new(rest.under.as_str()))],
        ),
        None => Sql::constant("null::text"),
    };
    let fillable = given.catalog.table(&mapping.table).map(|t| mapping::fillable(mapping, t)).unwrap_or_default();
    let pairs = given.catalog.table(&mapping.table);
    let sides = MappingSides { target: &given.manifest.target, into, table, pairs, right, source, fillable };
    Ok(map_step(mapping, &sides, (mapping.taxonomy.clone(), text)))
}

/// Columns that a merge may write, with their types.
fn fillable(given: &PlanInput, into: &Table) -> Vec<(Ident, String)> {
    let manifest = given.manifest;
    let revives = manifest.target.on_dead_match == OnDeadMatch::Revive;
    let merges =
        given.scope.part.changed || revives || manifest.sources.iter().any(|s| s.on_duplicate == OnDuplicate::Merge);
    let folds = given.source_queries(into);
    let mut fillable: Vec<(Ident, String)> = Vec::new();
    // what a trigger changes in a merged row goes back, too
    let changed = merges && crate::planner::rows::write::may_change(into);
    let besides = into.columns.iter().filter(|c| changed && !c.generated && c.identity != "a");
    let besides: Vec<Ident> = besides.map(|c| Ident::of_the_server(c.name.as_str())).collect();
    for column in folds.iter().filter(|_| merges).flat_map(SourceQuery::columns).map(|(c, _)| c).chain(besides) {
        let kept = column == manifest.target.key || manifest.target.ignore_changes.iter().any(|c| c == column.raw());
        if !kept && !fillable.iter().any(|(c, _)| *c == column) {
            let type_name = into.column(column.raw()).map_or("text", Column::uncut_type).to_owned();
            fillable.push((column, type_name));
        }
    }
    for (column, _) in manifest.target.soft_delete.iter().filter(|_| revives).flat_map(|s| &s.set) {
        if !fillable.iter().any(|(c, _)| c == column) {
            let type_name = into.column(column.raw()).map_or("text", Column::uncut_type).to_owned();
            fillable.push((column.clone(), type_name));
        }
    }
    fillable
}

/// Every column that any of the sources fills, but for the key.
pub(in crate::planner) fn filled(folds: &[SourceQuery]) -> Vec<Ident> {
    let mut all: Vec<Ident> = Vec::new();
    for (column, _) in folds.iter().flat_map(SourceQuery::columns) {
        if folds.first().is_some_and(|f| f.target.key != column) && !all.contains(&column) {
            all.push(column);
        }
    }
    all
}

/// The assignments that bring back what a merge wrote over, from an image `b`; none where nothing merges.
pub(in crate::planner) fn restoring(given: &PlanInput, into: Option<&Table>) -> Option<Sql> {
    let columns = fillable(given, into?);
    let one = |(c, type_name): &(Ident, String)| {
        Sql::fill(
            "${c} = case when b.columns ? ${n} then (b.columns ->> ${n})::${t} else pgfold_t.${c} end",
            &[("c", c), ("n", &Literal::new(c.raw())), ("t", &Sql::of_the_server(type_name.as_str()))],
        )
    };
    (!columns.is_empty()).then(|| Sql::join(", ", columns.iter().map(one)))
}

fn undo_facts(given: &PlanInput, into: &Table) -> RollbackFacts {
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
    RollbackFacts {
        database: server.database.clone(),
        system_identifier: server.system_identifier.clone(),
        server_version: server.version,
        live: manifest.target.soft_delete.as_ref().map(|s| Sql::fill("${l}", &[("l", &s.live)])),
        left_values: crate::planner::rows::write::left_values(into, &filled(&given.source_queries(into))),
        soft_delete: soft.map(|(c, e)| (c.clone(), e.raw().to_owned())).collect(),
        fillable: fillable(given, into),
        target_hash: Some(target_hash(&alias, into, &manifest.target.ignore_changes)),
        quiet: quiet(into),
        referenced_by,
    }
}

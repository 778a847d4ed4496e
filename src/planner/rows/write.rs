//! The parts of a batch that write to the target: insert, revive, merge.

use crate::catalog::{Column, Table, Trigger};
use crate::manifest::{OnDeadMatch, OnDuplicate};
use crate::plan::{Action, DisabledTriggers};
use crate::planner::input::PlanInput;
use crate::planner::rows::classify::{Classifier, TARGET_ALIAS};
use crate::planner::rows::source_query::{Pass, SourceQuery, column_hash, row_hash};
use crate::planner::rows::value_text::column_text;
use crate::sql::{Ident, Literal, Piece, Sql};

impl Classifier<'_> {
    /// The parts of a batch that write to the target: insert, revive and merge.
    pub(in crate::planner) fn changes(&self, fold: &SourceQuery, step: i32) -> (Sql, DisabledTriggers) {
        let alias = Ident::of_the_server(TARGET_ALIAS);
        let hash = target_hash(&alias, fold.into, &fold.target.ignore_changes);
        let columns = fold.columns();
        let mut names: Vec<Sql> = columns.iter().map(|(c, _)| Sql::join("", [c.clone()])).collect();
        let mut values: Vec<Sql> = columns.iter().map(|(c, _)| Sql::fill("c.${c}", &[("c", c)])).collect();
        let again = !self.before.undone.is_empty();
        let id_column = fold.into.column(fold.target.id.raw());
        if again
            && let Some(id) = id_column
            && !columns.iter().any(|(c, _)| *c == fold.target.id)
        {
            names.push(Sql::join("", [fold.target.id.clone()]));
            let otherwise = match (&id.default, id.identity.is_empty(), &id.sequence) {
                (Some(default), ..) => Sql::of_the_server(default.as_str()),
                (None, false, Some(sequence)) => {
                    Sql::fill("nextval(${s}::regclass)", &[("s", &Literal::new(sequence.to_string()))])
                }
                _ => Sql::constant("null"),
            };
            values.push(Sql::fill(
                "coalesce(c.pgfold_gone::${type}, (${default})::${type})",
                &[("type", &Sql::of_the_server(id.uncut_type())), ("default", &otherwise)],
            ));
        }
        let overriding =
            if again && id_column.is_some_and(|c| c.identity == "a") { "overriding system value" } else { "" };
        let (id, key_text) = (fold.target_id_text(TARGET_ALIAS), fold.target_key_text(TARGET_ALIAS));
        // rows outside a partial index may have the key, too
        let partial = fold.into.key_index(fold.target.key.raw()).and_then(|i| i.predicate.as_ref());
        let arbiter = match partial {
            Some(inside) => Sql::fill(" where ${i}", &[("i", &Sql::of_the_server(inside.as_str()))]),
            None => Sql::constant(""),
        };
        let id_type = Sql::of_the_server(id_column.map_or("text", |c| c.uncut_type()));
        let same = if partial.is_some() {
            Sql::fill("pgfold_t.${id} = c.pgfold_held::${t}", &[("id", &fold.target.id), ("t", &id_type)])
        } else {
            Sql::fill("pgfold_t.${key} = c.${key}", &[("key", &fold.target.key)])
        };
        let common: [(&str, &dyn Piece); 7] = [
            ("arbiter", &arbiter),
            ("same", &same),
            ("target", &fold.into.name),
            ("id", &id),
            ("key", &fold.target.key),
            ("key_text", &key_text),
            ("hash", &hash),
        ];
        let insert_only: [(&str, &dyn Piece); 3] = [
            ("names", &Sql::join(", ", names)),
            ("values", &Sql::join(", ", values)),
            ("overriding", &Sql::constant(overriding)),
        ];
        let all: Vec<(&str, &dyn Piece)> = common.iter().chain(&insert_only).copied().collect();
        let mut out = if self.pass == Pass::CatchUp {
            vec![self.rewrite(fold, &all)]
        } else {
            vec![Sql::fill(include_str!("../../../sql/rows/batch/insert.sql"), &all)]
        };
        let mut written = vec!["select * from inserted"];
        let mut touches = self.pass == Pass::CatchUp;
        if self.pass == Pass::CatchUp {
            written.push("select * from rewritten");
        }
        if again {
            out.push(self.revive(fold, &common));
            written.push("select * from revived");
            touches = true;
        }
        if self.part.changed && !self.before.standing.is_empty() {
            out.push(self.take_over(fold, step, &common));
            written.push("select target_id, key, target_hash, fills from taken_over");
            touches = true;
        }
        if fold.target.on_dead_match == OnDeadMatch::Revive && fold.target.soft_delete.is_some() {
            out.push(raise_dead(fold, step, &common));
            written.push("select target_id, key, target_hash, fills from raised");
            touches = true;
        }
        if fold.source.on_duplicate == OnDuplicate::Merge {
            out.push(merge(fold, step, &common));
            written.push("select target_id, key, target_hash, fills from merged");
            touches = true;
        }
        out.push(Sql::fill(
            "written as (${all}),",
            &[("all", &Sql::join(" union all ", written.into_iter().map(Sql::constant)))],
        ));
        let quiet = if touches { quiet_beside_inserts(fold.into) } else { DisabledTriggers::default() };
        (Sql::join("", out), quiet)
    }

    pub(in crate::planner) fn revive(&self, fold: &SourceQuery, common: &[(&str, &dyn Piece)]) -> Sql {
        let mut assignments: Vec<Sql> = (fold.columns().iter())
            .filter(|(c, _)| *c != fold.target.key)
            .map(|(c, _)| Sql::fill("${c} = c.${c}", &[("c", c)]))
            .collect();
        for (column, _) in fold.target.soft_delete.iter().flat_map(|s| &s.set) {
            if !fold.columns().iter().any(|(c, _)| c == column) {
                assignments.push(Sql::fill("${c} = default", &[("c", column)]));
            }
        }
        let set = Sql::join(", ", assignments);
        let live = fold.target.soft_delete.as_ref();
        let live = live.map_or(Sql::constant("true"), |s| Sql::fill("coalesce(${l}, false)", &[("l", &s.live)]));
        let mut pieces = common.to_vec();
        pieces.extend([("assignments", &set as &dyn Piece), ("live", &live)]);
        Sql::fill(include_str!("../../../sql/rows/batch/revive.sql"), &pieces)
    }
}

/// Ids that come back are written outright: a sequence that a rollback set back would give them out again.
pub(in crate::planner) fn advance(given: &PlanInput, into: &Table) -> Option<Action> {
    let id = into.column(given.manifest.target.id.raw()).filter(|_| !given.before.undone.is_empty())?;
    let brought = Sql::fill(
        "select x.target_id::numeric as v from pgfold.crosswalk x where x.run in (${runs}) and x.outcome = 'inserted' and $1::bigint is not null",
        &[("runs", &Classifier::runs(&given.before.undone))],
    );
    advanced(into, id, &brought)
}

/// Numbers that the sources bring are written outright, too: the application's next row would get one of them again.
/// Each with the column whose default uses the sequence.
pub(in crate::planner) fn behind(into: &Table, folds: &[SourceQuery]) -> Vec<(String, Action)> {
    let Some(target) = folds.first().map(|f| f.target) else { return Vec::new() };
    let filled = |c: &&Column| folds.iter().any(|f| f.columns().iter().any(|(name, _)| name.raw() == c.name));
    let one = |c: &Column| {
        let brought = Sql::fill(
            "select pgfold_t.${c}::numeric as v from ${target} pgfold_t where exists (\
             select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = pgfold_t.${id}::text)",
            &[("c", &Ident::of_the_server(c.name.as_str())), ("target", &into.name), ("id", &target.id)],
        );
        Some((c.name.clone(), advanced(into, c, &brought)?))
    };
    into.columns.iter().filter(filled).filter_map(one).collect()
}

/// The sequence that feeds the column, moved past what was brought; never back, never beyond its bounds.
fn advanced(into: &Table, column: &Column, brought: &Sql) -> Option<Action> {
    let whole = matches!(column.bottom_type.as_str(), "smallint" | "integer" | "bigint" | "numeric");
    let counts = !column.identity.is_empty() || column.default.as_deref().is_some_and(|d| d.contains("nextval"));
    let (sequence, stands) = match &column.sequence {
        _ if !whole => return None,
        Some(sequence) => (
            Sql::fill("${name}::regclass", &[("name", &Literal::new(sequence.to_string()))]),
            Sql::fill("select l.last_value::numeric as last, l.is_called from ${s} l", &[("s", sequence)]),
        ),
        // a table that is still to come: its sequence has no name yet
        None if counts => (
            Sql::fill(
                include_str!("../../../sql/run/sequence_of_column.sql"),
                &[("table", &Literal::new(into.name.to_string())), ("column", &Literal::new(column.name.as_str()))],
            ),
            Sql::constant(
                "select coalesce(pg_sequence_last_value(s.seqrelid::regclass), s.seqstart)::numeric as last, \
                 pg_sequence_last_value(s.seqrelid::regclass) is not null as is_called",
            ),
        ),
        None => return None,
    };
    let sql = Sql::fill(
        include_str!("../../../sql/run/advance.sql"),
        &[("sequence", &sequence), ("stands", &stands), ("brought", brought)],
    );
    let lock = Sql::fill("lock table ${t} in share row exclusive mode", &[("t", &into.name)]);
    Some(Action::Advance { lock, sql })
}

/// Brings rows back to life that the target held, with their before-images.
fn raise_dead(fold: &SourceQuery, step: i32, common: &[(&str, &dyn Piece)]) -> Sql {
    let own: Vec<Ident> = fold
        .columns()
        .into_iter()
        .map(|(c, _)| c)
        .filter(|c| *c != fold.target.key && *c != fold.target.id && !fold.churns(c))
        .collect();
    let soft = fold.target.soft_delete.iter().flat_map(|s| &s.set).map(|(c, _)| c.clone());
    let reset: Vec<Ident> = soft.filter(|c| !own.contains(c)).collect();
    let set = own.iter().map(|c| Sql::fill("${c} = c.${c}", &[("c", c)]));
    let set = Sql::join(", ", set.chain(reset.iter().map(|c| Sql::fill("${c} = default", &[("c", c)]))));
    let all: Vec<Ident> = own.iter().chain(&reset).cloned().collect();
    let image = image(fold.into, &all);
    let live = fold.target.soft_delete.as_ref();
    let live = live.map_or(Sql::constant("true"), |s| Sql::fill("coalesce(${l}, false)", &[("l", &s.live)]));
    let (step, name) = (i64::from(step), Literal::new(fold.into.name.plain()));
    let mut pieces = common.to_vec();
    pieces.extend([
        ("assignments", &set as &dyn Piece),
        ("image", &image),
        ("live", &live),
        ("step", &step),
        ("target_name", &name),
    ]);
    Sql::fill(include_str!("../../../sql/rows/batch/raise_dead.sql"), &pieces)
}

/// What these columns of a target row hold, as text.
pub(in crate::planner) fn image(table: &Table, columns: &[Ident]) -> Sql {
    let alias = Ident::of_the_server(TARGET_ALIAS);
    let pair = |c: &Ident| {
        let value = column_text(&alias, c, table.column(c.raw()));
        Sql::fill("${n}, ${v}", &[("n", &Literal::new(c.raw())), ("v", &value)])
    };
    // a function takes at most 100 arguments
    let parts = columns
        .chunks(45)
        .map(|chunk| Sql::fill("jsonb_build_object(${p})", &[("p", &Sql::join(", ", chunk.iter().map(pair)))]));
    if columns.is_empty() { Sql::constant("'{}'::jsonb") } else { Sql::join(" || ", parts) }
}

fn merge(fold: &SourceQuery, step: i32, common: &[(&str, &dyn Piece)]) -> Sql {
    let columns: Vec<Ident> =
        fold.columns().into_iter().map(|(c, _)| c).filter(|c| *c != fold.target.key && *c != fold.target.id).collect();
    let set = columns.iter().map(|c| Sql::fill("${c} = coalesce(pgfold_t.${c}, c.${c})", &[("c", c)]));
    let set = Sql::join(", ", set);
    let gap = |c: &Ident| {
        let pieces: [(&str, &dyn Piece); 2] = [("c", c), ("n", &Literal::new(c.raw()))];
        Sql::fill(
            "case when pgfold_t.${c} is not distinct from null and c.${c} is distinct from null then ${n} end",
            &pieces,
        )
    };
    let gaps = Sql::join(", ", columns.iter().map(gap));
    let gaps = Sql::fill("array_remove(array[${g}]::text[], null)", &[("g", &gaps)]);
    let left = left_values(fold.into, &left_by_merge(fold.into, columns));
    let (step, name) = (i64::from(step), Literal::new(fold.into.name.plain()));
    let image =
        if may_change(fold.into) { image(fold.into, &writable(fold.into)) } else { Sql::constant("null::jsonb") };
    let mut pieces = common.to_vec();
    pieces.extend([("assignments", &set as &dyn Piece), ("step", &step), ("target_name", &name)]);
    pieces.extend([("gaps", &gaps as &dyn Piece), ("left", &left), ("image", &image)]);
    let merged = Sql::fill(include_str!("../../../sql/rows/batch/merge.sql"), &pieces);
    if !may_change(fold.into) {
        return merged;
    }
    let besides = Sql::fill(include_str!("../../../sql/rows/batch/merge_triggers.sql"), &pieces);
    Sql::join("", [merged, besides])
}

/// Whether a trigger that is not silenced beside inserts can change a row that is merged into.
pub(in crate::planner) fn may_change(table: &Table) -> bool {
    table.update_triggers().any(|t| t.before && t.per_row && !t.on_update_alone())
}

/// Every column that a statement can write.
pub(in crate::planner) fn writable(table: &Table) -> Vec<Ident> {
    table.columns.iter().filter(|c| !c.generated).map(|c| Ident::of_the_server(c.name.as_str())).collect()
}

/// The columns of which a merge keeps what it left: those that sources fill, or all where a trigger may change them.
pub(in crate::planner) fn left_by_merge(table: &Table, filled: Vec<Ident>) -> Vec<Ident> {
    if may_change(table) { writable(table) } else { filled }
}

/// What these columns of a target row hold, each as its hash: what the run leaves there is known again by it.
pub(in crate::planner) fn left_values(table: &Table, columns: &[Ident]) -> Sql {
    let alias = Ident::of_the_server(TARGET_ALIAS);
    let pair = |c: &Ident| {
        let column = table.column(c.raw())?;
        let pieces: [(&str, &dyn Piece); 2] = [("n", &Literal::new(c.raw())), ("h", &column_hash(&alias, column))];
        Some(Sql::fill("${n}, ${h}", &pieces))
    };
    let pairs: Vec<Sql> = columns.iter().filter_map(pair).collect();
    // a function takes at most 100 arguments
    let parts = pairs
        .chunks(45)
        .map(|chunk| Sql::fill("jsonb_build_object(${p})", &[("p", &Sql::join(", ", chunk.iter().cloned()))]));
    if pairs.is_empty() { Sql::constant("'{}'::jsonb") } else { Sql::join(" || ", parts) }
}

/// The hash that finds edits of a target row: every column but `ignore_changes` and generated ones, by name.
pub fn target_hash(alias: &Ident, table: &Table, ignored: &[String]) -> Sql {
    row_hash(alias, &hashed_columns(table, ignored))
}

/// The columns of that hash.
pub(in crate::planner) fn hashed_columns<'a>(table: &'a Table, ignored: &[String]) -> Vec<&'a Column> {
    table.columns.iter().filter(|c| !c.generated && !ignored.contains(&c.name)).collect()
}

/// The target's update triggers, to be silent while rows that were there are changed and none is inserted.
pub fn quiet(table: &Table) -> DisabledTriggers {
    silenced(table, |_| true)
}

/// Those that fire on an update alone, where rows are inserted, too: insert triggers always fire.
pub fn quiet_beside_inserts(table: &Table) -> DisabledTriggers {
    silenced(table, Trigger::on_update_alone)
}

fn silenced(table: &Table, which: fn(&Trigger) -> bool) -> DisabledTriggers {
    let name = |t: &Trigger| Ident::of_the_server(t.name.as_str());
    let chosen = || table.update_triggers().filter(|t| which(t));
    let always = chosen().filter(|t| t.enabled == "A").map(name).collect();
    DisabledTriggers { table: Some(table.name.clone()), triggers: chosen().map(name).collect(), always }
}

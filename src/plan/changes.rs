//! The parts of a batch that write to the target: insert, revive, merge.

use crate::catalog::{Table, Trigger};
use crate::manifest::OnDuplicate;
use crate::sql::{Ident, Literal, Piece, Sql};

use super::fold::{Fold, row_hash};
use super::sources::{Composer, TARGET_ALIAS};
use super::{Action, Given, Quiet};

impl Composer<'_> {
    /// The parts of a batch that write to the target: insert, revive and merge.
    pub(super) fn changes(&self, fold: &Fold, step: i32) -> (Sql, Quiet) {
        let alias = Ident::of_the_server(TARGET_ALIAS);
        let hash = target_hash(&alias, fold.into, &fold.target.churn);
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
                (None, false, None) => Sql::fill(
                    "nextval(pg_get_serial_sequence(${t}, ${c})::regclass)",
                    &[("t", &Literal::new(fold.into.name.to_string())), ("c", &Literal::new(fold.target.id.raw()))],
                ),
                _ => Sql::constant("null"),
            };
            values.push(Sql::fill(
                "coalesce(c.pgfold_gone::${type}, (${default})::${type})",
                &[("type", &Sql::of_the_server(id.uncut_type())), ("default", &otherwise)],
            ));
        }
        let overriding =
            if again && id_column.is_some_and(|c| c.identity == "a") { "overriding system value" } else { "" };
        let common: [(&str, &dyn Piece); 4] =
            [("target", &fold.into.name), ("id", &fold.target.id), ("key", &fold.target.key), ("hash", &hash)];
        let insert_only: [(&str, &dyn Piece); 3] = [
            ("names", &Sql::join(", ", names)),
            ("values", &Sql::join(", ", values)),
            ("overriding", &Sql::constant(overriding)),
        ];
        let all: Vec<(&str, &dyn Piece)> = common.iter().chain(&insert_only).copied().collect();
        let mut out = if self.late {
            vec![self.rewrite(fold, &all)]
        } else {
            vec![Sql::fill(include_str!("../../sql/fold/insert.sql"), &all)]
        };
        let mut written = vec!["select * from inserted"];
        let mut touches = self.late;
        if self.late {
            written.push("select * from rewritten");
        }
        if again {
            out.push(self.revive(fold, &common));
            written.push("select * from revived");
            touches = true;
        }
        if self.part.changed && !self.before.standing.is_empty() {
            out.push(self.take_over(fold, step, &common));
            written.push("select * from taken_over");
            touches = true;
        }
        if fold.source.on_duplicate == OnDuplicate::Merge {
            out.push(merge(fold, step, &common));
            written.push("select * from merged");
            touches = true;
        }
        out.push(Sql::fill(
            "written as (${all}),",
            &[("all", &Sql::join(" union all ", written.into_iter().map(Sql::constant)))],
        ));
        let quiet = if touches { quiet(fold.into) } else { Quiet::default() };
        (Sql::join("", out), quiet)
    }

    pub(super) fn revive(&self, fold: &Fold, common: &[(&str, &dyn Piece)]) -> Sql {
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
        let mut pieces = common.to_vec();
        pieces.push(("assignments", &set));
        Sql::fill(include_str!("../../sql/fold/revive.sql"), &pieces)
    }
}

/// Ids that come back are written outright: a sequence that a rollback set back would give them out again.
pub(super) fn advance(given: &Given, into: &Table) -> Option<Action> {
    let id = into.column(given.manifest.target.id.raw())?;
    let counts = !id.identity.is_empty() || id.default.as_deref().is_some_and(|d| d.contains("nextval"));
    let whole = matches!(id.bottom_type.as_str(), "smallint" | "integer" | "bigint");
    if given.before.undone.is_empty() || !(counts && whole) {
        return None;
    }
    let sql = Sql::fill(
        include_str!("../../sql/run/advance.sql"),
        &[
            ("table", &Literal::new(into.name.to_string())),
            ("column", &Literal::new(id.name.as_str())),
            ("runs", &Composer::runs(&given.before.undone)),
        ],
    );
    let lock = Sql::fill("lock table ${t} in share row exclusive mode", &[("t", &into.name)]);
    Some(Action::Advance { lock, sql })
}

/// Ids that the sources bring are written outright, too: the application's next row would get one of them again.
pub(super) fn behind(into: &Table, folds: &[Fold]) -> Option<Action> {
    let target = folds.first()?.target;
    let id = into.column(target.id.raw())?;
    let brought = folds.iter().any(|f| f.columns().iter().any(|(c, _)| *c == target.id));
    let whole = matches!(id.bottom_type.as_str(), "smallint" | "integer" | "bigint");
    let sequence = id.sequence.as_ref().filter(|_| brought && whole)?;
    let sql = Sql::fill(
        include_str!("../../sql/run/behind.sql"),
        &[("sequence", &Literal::new(sequence.to_string())), ("id", &target.id), ("target", &into.name)],
    );
    let lock = Sql::fill("lock table ${t} in share row exclusive mode", &[("t", &into.name)]);
    Some(Action::Advance { lock, sql })
}

fn merge(fold: &Fold, step: i32, common: &[(&str, &dyn Piece)]) -> Sql {
    let assignments = (fold.columns().into_iter().filter(|(c, _)| *c != fold.target.key))
        .map(|(c, _)| Sql::fill("${c} = coalesce(pgfold_t.${c}, c.${c})", &[("c", &c)]));
    let set = Sql::join(", ", assignments);
    let (step, name) = (i64::from(step), Literal::new(fold.into.name.plain()));
    let mut pieces = common.to_vec();
    pieces.extend([("assignments", &set as &dyn Piece), ("step", &step), ("target_name", &name)]);
    Sql::fill(include_str!("../../sql/fold/merge.sql"), &pieces)
}

/// The hash that finds edits of a target row: every column but churn and generated ones, by name.
pub fn target_hash(alias: &Ident, table: &Table, churn: &[String]) -> Sql {
    let columns = table.columns.iter().filter(|c| !c.generated && !churn.contains(&c.name));
    row_hash(alias, &columns.collect::<Vec<_>>())
}

/// The target's update triggers, to be silent while rows that were there are changed.
pub fn quiet(table: &Table) -> Quiet {
    let name = |t: &Trigger| Ident::of_the_server(t.name.as_str());
    let always = table.update_triggers().filter(|t| t.enabled == "A").map(name).collect();
    Quiet { table: Some(table.name.clone()), triggers: table.update_triggers().map(name).collect(), always }
}

//! What a dry run cannot foretell of an insert, named before anybody relies on it.

use crate::catalog::{ConstraintKind, Table};
use crate::manifest::{ObjectKind, OnDuplicate};
use crate::planner::input::PlanInput;
use crate::planner::rows::violations;
use crate::sql::Ident;

/// One line each; empty when a dry run foretells everything.
pub fn unpredictable(given: &PlanInput, into: &Table) -> Vec<String> {
    let mut out = Vec::new();
    if !given.scope.migrate {
        return out;
    }
    for t in into.triggers.iter().filter(|t| t.fires() && t.on_insert) {
        out.push(format!("trigger `{}` may change, refuse or drop a row", t.name));
    }
    for c in &into.constraints {
        match c.kind {
            ConstraintKind::Exclusion => out.push(format!("exclusion constraint `{}` is not looked at", c.name)),
            ConstraintKind::Trigger => out.push(format!("constraint trigger `{}` may refuse a row", c.name)),
            _ if c.deferred => out.push(format!("deferred constraint `{}` is judged at the commit of a batch", c.name)),
            _ => {}
        }
    }
    for i in into.indexes.iter().filter(|i| i.unique && i.valid && !i.immediate) {
        out.push(format!("deferrable unique index `{}` is judged at the end of a statement", i.name));
    }
    let folds = given.source_queries(into);
    for fold in &folds {
        for (column, _) in fold.generated().into_iter().filter(|(_, value)| value.is_none()) {
            out.push(format!("generated column `{}` may raise", column.raw()));
        }
        for (column, ..) in fold.left_out().into_iter().filter(|(.., unknown)| *unknown) {
            let touched = |columns: &[String]| columns.iter().any(|c| c == column.raw());
            let own_key = |c: &Ident| *c == fold.target.id;
            for c in into.constraints.iter().filter(|c| touched(&c.columns) && !own_key(&column)) {
                out.push(format!("`{}` depends on the default of `{}`", c.name, column.raw()));
            }
        }
        if fold.source.on_duplicate == OnDuplicate::Merge {
            for (_, index) in violations::other_uniques(fold) {
                out.push(format!("a merge of {} may fill what unique index `{}` forbids", fold.name(), index.name));
            }
        }
    }
    let to_come = crate::planner::ddl::target_after::coming(given);
    out.extend(to_come.unknown.iter().cloned());
    for e in given.manifest.enhancements.iter().filter(|_| given.scope.enhance) {
        let coming = e.creates.iter().filter(|d| !given.objects.has(&crate::planner::enhancement::worded(d)));
        let acts =
            coming.filter(|d| matches!(d.kind, ObjectKind::Index | ObjectKind::Constraint | ObjectKind::Trigger));
        let acts = acts.filter(|d| !to_come.predicts(d.kind, &d.name));
        for d in acts.filter(|d| d.on.as_deref().is_none_or(|t| t == into.name.name.raw())) {
            out.push(format!("{} comes with {} and may refuse a row, but for the key's own index", d.plain(), e.file));
        }
    }
    out.sort();
    out.dedup();
    out
}

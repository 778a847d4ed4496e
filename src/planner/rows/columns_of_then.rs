//! Hashes over the columns that a row had when a run hashed it, to be compared with what the run kept.

use crate::catalog::{Column, Table};
use crate::planner::input::EarlierRuns;
use crate::planner::rows::classify::{Classifier, TARGET_ALIAS};
use crate::planner::rows::source_query::{SourceQuery, row_hash};
use crate::planner::rows::write::hashed_columns;
use crate::sql::{Ident, Sql};

/// Columns other than those of now, all of them there still, and the runs whose hashes are of them.
pub(in crate::planner) struct Then<'a> {
    runs: Vec<i64>,
    columns: Vec<&'a Column>,
}

impl Then<'_> {
    fn hash(&self, alias: &Ident) -> Sql {
        row_hash(alias, &self.columns)
    }
}

/// `list` are the columns of a run's hash, `now` those that are hashed today.
fn sets<'a>(
    before: &EarlierRuns,
    table: &'a Table,
    now: &[&Column],
    list: impl Fn(&crate::plan::HashedColumns) -> Option<&Vec<String>>,
) -> Vec<Then<'a>> {
    let mut out: Vec<(Vec<String>, Then)> = Vec::new();
    for (run, hashed) in before.hashed.iter().filter(|(run, _)| before.standing.contains(run)) {
        let Some(names) = list(hashed).filter(|n| !n.is_empty()) else { continue };
        if names.iter().eq(now.iter().map(|c| &c.name)) {
            continue;
        }
        // without one of them nothing can be compared
        let Some(columns) = names.iter().map(|n| table.column(n)).collect::<Option<Vec<&Column>>>() else { continue };
        match out.iter_mut().find(|(known, _)| known == names) {
            Some((_, then)) => then.runs.push(*run),
            None => out.push((names.clone(), Then { runs: vec![*run], columns })),
        }
    }
    out.into_iter().map(|(_, then)| then).collect()
}

/// The value for the run that `run` says: `of` for its columns, else `now`.
fn by_run(run: &Sql, sets: &[Then], of: impl Fn(usize, &Then) -> Sql, now: Sql) -> Sql {
    if sets.is_empty() {
        return now;
    }
    let arms = sets.iter().enumerate().map(|(n, then)| {
        let pieces: [(&str, &dyn crate::sql::Piece); 3] =
            [("run", run), ("runs", &Classifier::runs(&then.runs)), ("value", &of(n, then))];
        Sql::fill("when ${run} in (${runs}) then ${value}", &pieces)
    });
    Sql::fill("case ${arms} else ${now} end", &[("arms", &Sql::join(" ", arms)), ("now", &now)])
}

impl<'q> SourceQuery<'q> {
    fn source_sets(&self) -> Vec<Then<'q>> {
        let now: Vec<&Column> = self.legacy.columns.iter().collect();
        let name = self.name();
        sets(self.before, self.legacy, &now, |h| h.sources.get(&name))
    }

    fn target_sets(&self) -> Vec<Then<'q>> {
        sets(self.before, self.into, &hashed_columns(self.into, &self.target.ignore_changes), |h| Some(&h.target))
    }

    /// The hash of the source row as the run that `run` says took it; a value in a column that came since makes it another.
    pub fn source_hash_of(&self, run: &Sql) -> Sql {
        by_run(run, &self.source_sets(), |_, then| self.without_later(then), self.source_hash())
    }

    fn without_later(&self, then: &Then) -> Sql {
        let alias = &self.legacy.name.name;
        let later = self.legacy.columns.iter().filter(|c| !then.columns.iter().any(|t| t.name == c.name));
        let later: Vec<Sql> = later
            .map(|c| Sql::fill("${t}.${c}", &[("t", alias), ("c", &Ident::of_the_server(c.name.as_str()))]))
            .collect();
        if later.is_empty() {
            return then.hash(alias);
        }
        let pieces: [(&str, &dyn crate::sql::Piece); 3] =
            [("later", &Sql::join(", ", later)), ("then", &then.hash(alias)), ("now", &self.source_hash())];
        Sql::fill("case when num_nonnulls(${later}) = 0 then ${then} else ${now} end", &pieces)
    }

    /// The hash of the target row `pgfold_t` as the run that `run` says took it.
    pub fn target_hash_of(&self, run: &Sql) -> Sql {
        let alias = Ident::of_the_server(TARGET_ALIAS);
        let now = super::write::target_hash(&alias, self.into, &self.target.ignore_changes);
        by_run(run, &self.target_sets(), |_, then| then.hash(&alias), now)
    }

    /// Further columns of a shaped row: its hash over each set of columns of then.
    pub(super) fn shaped_then(&self) -> Sql {
        numbered(&self.source_sets(), "pgfold_then", |then| self.without_later(then))
    }

    /// Further columns of a row that the target has: the same.
    pub(super) fn held_then(&self) -> Sql {
        let alias = Ident::of_the_server(TARGET_ALIAS);
        numbered(&self.target_sets(), "pgfold_tthen", |then| then.hash(&alias))
    }

    /// The hash of the shaped row `s` that compares with that of the standing row `st`.
    pub(super) fn shaped_hash_of_standing(&self) -> Sql {
        let of = |n: usize, _: &Then| Sql::fill("s.pgfold_then${n}", &[("n", &(n as i64))]);
        by_run(&Sql::constant("st.run"), &self.source_sets(), of, Sql::constant("s.pgfold_hash"))
    }

    /// The hash of the held row `t` that compares with that of the standing row `st`.
    pub(super) fn held_hash_of_standing(&self) -> Sql {
        let of = |n: usize, _: &Then| Sql::fill("t.pgfold_tthen${n}", &[("n", &(n as i64))]);
        by_run(&Sql::constant("st.run"), &self.target_sets(), of, Sql::constant("t.pgfold_thash"))
    }
}

fn numbered(sets: &[Then], name: &'static str, hash: impl Fn(&Then) -> Sql) -> Sql {
    let one = |(n, then): (usize, &Then)| {
        let pieces: [(&str, &dyn crate::sql::Piece); 3] =
            [("hash", &hash(then)), ("name", &Sql::constant(name)), ("n", &(n as i64))];
        Sql::fill(", ${hash} as ${name}${n}", &pieces)
    };
    Sql::join("", sets.iter().enumerate().map(one))
}

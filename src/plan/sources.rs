//! The statements that move one source, and the same classifier for reading only.

use crate::manifest::OnDuplicate;
use crate::sql::{Ident, Literal, Name, Sql};

use super::fold::Fold;
use super::{Move, Part, faults};

/// What the ledger holds when the plan is made.
#[derive(Debug, Clone, Default)]
pub struct Before {
    /// Runs of this consolidation that stand.
    pub standing: Vec<i64>,
    /// Runs that were rolled back; their target ids are used again.
    pub undone: Vec<i64>,
}

/// Whether the classifier reads its verdicts from the ledger or works them out on the way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Verdicts {
    Stored,
    OnTheWay,
}

pub const TARGET_ALIAS: &str = "pgfold_t";

const NO_STANDING: &str = "select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false";
const NO_GONE: &str = "select null::text as id, null::text as target_id where false";

/// Which lines of earlier runs are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Every row's, to be joined as a whole.
    All,
    /// The one of a shaped row `s`, looked up by the crosswalk's index: what a batch costs must not grow with what ran before.
    OfRow,
}

impl Wanted {
    /// What stands behind `select`, at the end of the condition, and behind it.
    fn clauses(self, several: bool) -> (Sql, Sql, Sql) {
        let (newest, one, order) = match (self, several) {
            (Wanted::OfRow, _) => ("", " and x.id = s.pgfold_id", "order by x.run desc limit 1"),
            (Wanted::All, true) => ("distinct on (x.id)", "", "order by x.id, x.run desc"),
            (Wanted::All, false) => ("", "", ""),
        };
        (Sql::constant(newest), Sql::constant(one), Sql::constant(order))
    }
}

pub struct Composer<'a> {
    pub folds: &'a [Fold<'a>],
    pub before: &'a Before,
    pub part: &'a Part,
    /// Only what an online run has to look at again, as if it had not been moved.
    pub late: bool,
    /// Whether the target has its key column now; before the enhancements it may not.
    pub has_key: bool,
    /// Where the target does not exist yet there is nothing to hold a key.
    pub has_target: bool,
    /// Columns that the target has now, as opposed to those still to come.
    pub present: &'a [String],
    /// The target's indexes that are there now.
    pub indexes: &'a [String],
    /// As the server numbers itself.
    pub server_version: i32,
}

impl Composer<'_> {
    pub(super) fn runs(runs: &[i64]) -> Sql {
        Sql::join(", ", runs.iter().copied())
    }

    /// Rows that earlier runs which stand brought, or the one of a shaped row `s`.
    pub(super) fn standing(&self, fold: &Fold, wanted: Wanted) -> Sql {
        if self.before.standing.is_empty() {
            return Sql::constant(NO_STANDING);
        }
        let (newest, one, order) = wanted.clauses(self.before.standing.len() > 1);
        Sql::fill(
            include_str!("../../sql/fold/standing.sql"),
            &[
                ("runs", &Self::runs(&self.before.standing)),
                ("source", &Literal::new(fold.name())),
                ("newest", &newest),
                ("one", &one),
                ("order", &order),
            ],
        )
    }

    /// Rows that were taken back and whose target ids are used again.
    pub(super) fn gone(&self, fold: &Fold) -> Sql {
        if self.before.undone.is_empty() {
            return Sql::constant(NO_GONE);
        }
        // a list must not be empty
        let standing = Self::runs(if self.before.standing.is_empty() { &[0] } else { &self.before.standing });
        Sql::fill(
            include_str!("../../sql/fold/gone.sql"),
            &[
                ("undone", &Self::runs(&self.before.undone)),
                ("standing", &standing),
                ("source", &Literal::new(fold.name())),
                ("free", &self.not_given_away(fold)),
            ],
        )
    }

    /// Nothing, or that no other row of the target has the id by now.
    fn not_given_away(&self, fold: &Fold) -> Sql {
        if !self.has_target {
            return Sql::constant("");
        }
        let type_name = fold.into.column(fold.target.id.raw()).map_or("text", |c| c.uncut_type());
        let other = if self.has_key {
            Sql::fill("pgfold_o.${key}::text is distinct from x.key", &[("key", &fold.target.key)])
        } else {
            Sql::constant("true")
        };
        Sql::fill(
            " and not exists (select from ${target} pgfold_o where pgfold_o.${id} = x.target_id::${t} and ${other})",
            &[
                ("target", &fold.into.name),
                ("id", &fold.target.id),
                ("t", &Sql::of_the_server(type_name)),
                ("other", &other),
            ],
        )
    }

    /// The target's rows with their keys, as they are now.
    pub(super) fn held(&self, fold: &Fold, verdicts: Verdicts) -> Sql {
        if !self.has_target && verdicts == Verdicts::OnTheWay {
            return Sql::constant(
                "select null::text as pgfold_tid, null::text as pgfold_tkey, true as pgfold_live, null::bigint as pgfold_thash where false",
            );
        }
        let alias = Ident::of_the_server(TARGET_ALIAS);
        let column = Sql::fill("${t}.${k}::text", &[("t", &alias), ("k", &fold.target.key)]);
        let existing = fold.target.existing.as_ref().map(|e| Sql::fill("(${e})::text", &[("e", e)]));
        let key = match (verdicts, self.has_key, existing) {
            // in a run the key was filled in before, and its index can be used
            (Verdicts::Stored, ..) | (_, true, None) => column,
            (Verdicts::OnTheWay, true, Some(existing)) => {
                Sql::fill("coalesce(${k}, ${e})", &[("k", &column), ("e", &existing)])
            }
            (Verdicts::OnTheWay, false, Some(existing)) => existing,
            (Verdicts::OnTheWay, false, None) => Sql::constant("null::text"),
        };
        let live = match &fold.target.soft_delete {
            Some(soft)
                if verdicts == Verdicts::Stored || self.can_ask(soft.live.columns(&fold.into.column_names())) =>
            {
                Sql::fill("coalesce(${live}, false)", &[("live", &soft.live)])
            }
            _ => Sql::constant("true"),
        };
        Sql::fill(
            include_str!("../../sql/fold/held.sql"),
            &[
                ("id", &fold.target.id),
                ("key", &key),
                ("live", &live),
                ("target", &fold.into.name),
                ("hash", &self.held_hash(fold)),
            ],
        )
    }

    pub(super) fn can_ask(&self, columns: Vec<String>) -> bool {
        columns.iter().all(|c| self.present.contains(c))
    }

    pub(super) fn classified(&self, fold: &Fold, restrict: &Sql, verdicts: Verdicts) -> Sql {
        let (standing, gone, v) = self.lines(fold, verdicts);
        let fills: Vec<Sql> = match fold.source.on_duplicate {
            OnDuplicate::Merge => (fold.columns().iter())
                .filter(|(c, _)| *c != fold.target.key)
                .map(|(c, _)| {
                    Sql::fill(
                        "case when ${there} is null and s.${c} is not null then ${n} end",
                        &[("c", c), ("n", &Literal::new(c.raw())), ("there", &self.there(fold, c, verdicts))],
                    )
                })
                .collect(),
            _ => Vec::new(),
        };
        let fills = Sql::fill("array_remove(array[${f}]::text[], null)", &[("f", &Sql::join(", ", fills))]);
        // in a run one look into the key's index per row; a dry run may have no index to look into
        let (held, on) = match verdicts {
            Verdicts::Stored => (
                Sql::fill(
                    "lateral (${held} where pgfold_t.${key}::text = s.pgfold_key${apart} limit 1)",
                    &[
                        ("held", &self.held(fold, verdicts)),
                        ("key", &fold.target.key),
                        ("apart", &self.and_not_late(fold)),
                    ],
                ),
                "true",
            ),
            Verdicts::OnTheWay => {
                (Sql::fill("(${held})", &[("held", &self.held(fold, verdicts))]), "t.pgfold_tkey = s.pgfold_key")
            }
        };
        Sql::fill(
            include_str!("../../sql/fold/classified.sql"),
            &[
                ("fills", &fills),
                ("takes", &self.part.takes(fold)),
                ("takes_over", &self.takes_over()),
                ("merging", &self.merging()),
                ("merged_faults", &self.merged_faults(fold, verdicts)),
                ("taken", &self.taken(fold, verdicts)),
                ("shaped", &fold.shaped(restrict)),
                ("held", &held),
                ("held_on", &Sql::constant(on)),
                ("standing", &standing),
                ("gone", &gone),
                ("verdicts", &v),
            ],
        )
    }

    /// The joins of a shaped row `s` with what earlier runs did of it and with what was settled over all sources.
    fn lines(&self, fold: &Fold, verdicts: Verdicts) -> (Sql, Sql, Sql) {
        let source = Literal::new(fold.name());
        match verdicts {
            // in a run one look into an index per row: how many rows a range holds the planner can only guess
            Verdicts::Stored => {
                let stored = Sql::fill(
                    include_str!("../../sql/fold/verdict_stored.sql"),
                    &[("source", &source), ("target", &self.winner_target())],
                );
                let looked_up = |lines: &Sql, alias: &'static str| {
                    let alias = Sql::constant(alias);
                    Sql::fill("left join lateral (${l}) ${a} on true", &[("l", lines), ("a", &alias)])
                };
                (
                    looked_up(&self.standing(fold, Wanted::OfRow), "st"),
                    Sql::fill("left join (${g}) g on g.id = s.pgfold_id", &[("g", &self.gone(fold))]),
                    looked_up(&stored, "v"),
                )
            }
            Verdicts::OnTheWay => {
                let joined = |lines: &Sql, alias: &'static str| {
                    let alias = Sql::constant(alias);
                    Sql::fill("left join (${l}) ${a} on ${a}.id = s.pgfold_id", &[("l", lines), ("a", &alias)])
                };
                let on_the_way =
                    Sql::fill("select v.* from pgfold_contest v where v.source = ${source}", &[("source", &source)]);
                (
                    joined(&self.standing(fold, Wanted::All), "st"),
                    joined(&self.gone(fold), "g"),
                    joined(&on_the_way, "v"),
                )
            }
        }
    }

    /// The winner's target row, when an earlier run that stands put it there.
    pub(super) fn winner_target(&self) -> Sql {
        if self.before.standing.is_empty() {
            return Sql::constant("null::text");
        }
        Sql::fill(
            "(select x.target_id from pgfold.crosswalk x where x.run in (${runs}) and x.source = v.winner_source and x.id = v.winner \
             and x.outcome in ('inserted', 'merged') and x.undone is not true limit 1)",
            &[("runs", &Self::runs(&self.before.standing))],
        )
    }

    pub(super) fn halve(&self, fold: &Fold) -> Sql {
        Sql::fill(
            include_str!("../../sql/fold/halve.sql"),
            &[
                ("ids", &fold.id_array()),
                ("columns", &fold.id_columns()),
                ("source", &fold.legacy.name),
                ("alias", &fold.legacy.name.name),
                ("range", &fold.range()),
            ],
        )
    }

    /// Everything that moves one source.
    pub fn moving(&self, fold: &Fold, step: i32) -> Move {
        let crosswalk = &Name::of_the_server("pgfold", "crosswalk");
        let source_name = Literal::new(fold.name());
        let restrict = Sql::fill("${range} and ${out}", &[("range", &fold.range()), ("out", &fold.not_raising())]);
        let pieces: [(&str, &dyn crate::sql::Piece); 9] = [
            ("whole_row", &fold.whole_row(&fold.legacy.name.name)),
            ("crosswalk", crosswalk),
            ("source_name", &source_name),
            ("source", &fold.legacy.name),
            ("alias", &fold.legacy.name.name),
            ("id", &fold.id_text()),
            ("hash", &fold.source_hash()),
            ("range", &fold.range()),
            ("filter", &fold.source.filter),
        ];
        let ids = (0..fold.source.id.len()).map(|i| Sql::fill("c.pgfold_i${i}", &[("i", &(i as i64))]));
        let kept = fold.columns().into_iter().map(|(c, _)| Sql::fill("c.${c}", &[("c", &c)]));
        let (changes, quiet) = self.changes(fold, step);
        let raised = Sql::constant(if self.part.leaves_out(&fold.name()) { "'pending'" } else { "'rejected'" });
        let told = ["id", "outcome", "key", "held", "reason", "winner_source", "winner", "hash", "fills"];
        let told = told.iter().map(|c| Sql::fill("c.${c}", &[("c", &Ident::of_the_server(format!("pgfold_{c}")))]));
        let told = Sql::join(", ", told.chain(ids.clone()));
        let batch_only: [(&str, &dyn crate::sql::Piece); 11] = [
            ("told", &told),
            ("none_raises", &fold.none_raises()),
            ("defaulted", &counted("pgfold_defaulted", &faults::defaulted(fold))),
            ("lossy", &counted("pgfold_lossy", &faults::lossy(fold))),
            ("stored_row", &fold.whole_row(&Ident::of_the_server("l"))),
            ("raised", &raised),
            ("kept", &Sql::join(", ", kept)),
            ("ids", &Sql::join(", ", ids)),
            ("classified", &self.classified(fold, &restrict, Verdicts::Stored)),
            ("changes", &changes),
            ("same_row", &fold.same_row()),
        ];
        let both: Vec<(&str, &dyn crate::sql::Piece)> = pieces.iter().chain(&batch_only).copied().collect();
        let key_type = fold.into.column(fold.target.key.raw()).map_or("text", |c| c.uncut_type());
        let target: [(&str, &dyn crate::sql::Piece); 10] = [
            ("crosswalk", crosswalk),
            ("target", &fold.into.name),
            ("id", &fold.target.id),
            ("whole_row", &fold.whole_row(&fold.legacy.name.name)),
            ("source_name", &source_name),
            ("source", &fold.legacy.name),
            ("alias", &fold.legacy.name.name),
            ("source_id", &fold.id_text()),
            ("key", &fold.target.key),
            ("key_type", &Sql::of_the_server(key_type)),
        ];
        Move {
            source: fold.name(),
            left_out: self.part.leaves_out(&fold.name()),
            table: fold.legacy.name.clone(),
            timezone: fold.source.timezone.clone(),
            on_duplicate: fold.source.on_duplicate,
            cut: super::Cut::of(fold, self.server_version >= 140_000),
            batch: Sql::fill(include_str!("../../sql/fold/batch.sql"), &both),
            resolve: Sql::fill(include_str!("../../sql/fold/resolve.sql"), &target),
            halve: self.halve(fold),
            reject_one: Sql::fill(include_str!("../../sql/fold/reject_one.sql"), &pieces),
            look: self.look(fold),
            quiet,
        }
    }
}

/// How many rows that arrive have each of the names in this column of a batch; nothing where none ever does.
fn counted(column: &str, names: &Sql) -> Sql {
    if *names == faults::names(Vec::new()) {
        return Sql::constant("null::jsonb");
    }
    Sql::fill(include_str!("../../sql/fold/counted.sql"), &[("column", &Ident::of_the_server(column))])
}

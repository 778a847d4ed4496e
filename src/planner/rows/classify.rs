//! The statements that move one source, and the same classifier for reading only.

use crate::manifest::{OnDeadMatch, OnDuplicate};
use crate::plan::{LoadStep, PartialRun};
use crate::planner::input::EarlierRuns;
use crate::planner::rows::source_query::{Pass, SourceQuery};
use crate::planner::rows::violations;
use crate::sql::{Ident, Literal, Name, Sql};

/// Whether the classifier reads its verdicts from the ledger or works them out on the way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ConflictSource {
    Stored,
    Computed,
}

pub const TARGET_ALIAS: &str = "pgfold_t";

const NO_STANDING: &str = "select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash, null::bigint as target_hash, false as whole where false";

const DEAD_REVIVED: &str = "case when j.pgfold_verdict = 'lost' then 'duplicate_in_source' \
                            when j.pgfold_verdict = 'unique' or j.pgfold_taken is not null then 'rejected' else 'merged' end";
const DEAD_REVIVED_REASON: &str = "case when j.pgfold_verdict = 'lost' then 'key' when j.pgfold_verdict = 'unique' then j.pgfold_verdict_reason \
                                   else coalesce(j.pgfold_taken, 'revived_existing') end";

/// Which lines of earlier runs are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum EarlierRows {
    /// Every row's, to be joined as a whole.
    All,
    /// The one of a shaped row `s`, looked up by the crosswalk's index: what a batch costs must not grow with what ran before.
    OfRow,
}

impl EarlierRows {
    /// What stands behind `select`, at the end of the condition, and behind it.
    fn clauses(self, several: bool) -> (Sql, Sql, Sql) {
        let (newest, one, order) = match (self, several) {
            (EarlierRows::OfRow, _) => ("", " and x.id = s.pgfold_id", "order by x.run desc limit 1"),
            (EarlierRows::All, true) => ("distinct on (x.id)", "", "order by x.id, x.run desc"),
            (EarlierRows::All, false) => ("", "", ""),
        };
        (Sql::constant(newest), Sql::constant(one), Sql::constant(order))
    }
}

pub struct Classifier<'a> {
    pub folds: &'a [SourceQuery<'a>],
    pub before: &'a EarlierRuns,
    pub part: &'a PartialRun,
    /// Only what an online run has to look at again, as if it had not been moved.
    pub pass: Pass,
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

impl Classifier<'_> {
    pub(in crate::planner) fn runs(runs: &[i64]) -> Sql {
        Sql::join(", ", runs.iter().copied())
    }

    /// Rows that earlier runs which stand brought, or the one of a shaped row `s`.
    pub(in crate::planner) fn standing(&self, fold: &SourceQuery, wanted: EarlierRows) -> Sql {
        if self.before.standing.is_empty() {
            return Sql::constant(NO_STANDING);
        }
        let (newest, one, order) = wanted.clauses(self.before.standing.len() > 1);
        Sql::fill(
            include_str!("../../../sql/rows/batch/standing.sql"),
            &[
                ("runs", &Self::runs(&self.before.standing)),
                ("source", &Literal::new(fold.name())),
                ("newest", &newest),
                ("one", &one),
                ("order", &order),
            ],
        )
    }

    /// The target's rows with their keys, as they are now.
    pub(in crate::planner) fn held(&self, fold: &SourceQuery, verdicts: ConflictSource) -> Sql {
        if !self.has_target && verdicts == ConflictSource::Computed {
            return Sql::constant(
                "select null::text as pgfold_tid, null::text as pgfold_tkey, true as pgfold_live, null::bigint as pgfold_thash where false",
            );
        }
        let column = fold.target_key_text(TARGET_ALIAS);
        let existing = fold.target.existing_key.as_ref().map(|e| Sql::fill("(${e})::text", &[("e", e)]));
        let key = match (verdicts, self.has_key, existing) {
            // in a run the key was filled in before, and its index can be used
            (ConflictSource::Stored, ..) | (_, true, None) => column,
            (ConflictSource::Computed, true, Some(existing)) => {
                Sql::fill("coalesce(${k}, ${e})", &[("k", &column), ("e", &existing)])
            }
            (ConflictSource::Computed, false, Some(existing)) => existing,
            (ConflictSource::Computed, false, None) => Sql::constant("null::text"),
        };
        let live = self.live(fold, verdicts);
        Sql::fill(
            include_str!("../../../sql/rows/batch/held.sql"),
            &[
                ("inside", &fold.key_inside()),
                ("id", &fold.target_id_text(TARGET_ALIAS)),
                ("key", &key),
                ("live", &live),
                ("target", &fold.into.name),
                ("hash", &self.held_hash(fold)),
                ("then", &self.held_then(fold)),
            ],
        )
    }

    /// Whether a row of the target is live, over its own columns.
    pub(in crate::planner) fn live(&self, fold: &SourceQuery, verdicts: ConflictSource) -> Sql {
        match &fold.target.soft_delete {
            Some(soft)
                if verdicts == ConflictSource::Stored || self.can_ask(soft.live.columns(&fold.into.column_names())) =>
            {
                Sql::fill("coalesce(${live}, false)", &[("live", &soft.live)])
            }
            _ => Sql::constant("true"),
        }
    }

    pub(in crate::planner) fn can_ask(&self, columns: Vec<String>) -> bool {
        columns.iter().all(|c| self.present.contains(c))
    }

    /// The rows of `restrict` with their outcomes; parents are looked for in the target and `among` these.
    pub(in crate::planner) fn classified(
        &self,
        fold: &SourceQuery,
        restrict: &Sql,
        among: &Sql,
        verdicts: ConflictSource,
    ) -> Sql {
        let (standing, gone, v) = self.lines(fold, verdicts);
        let fills: Vec<Sql> = match fold.source.on_duplicate {
            OnDuplicate::Merge => (fold.columns().iter())
                .filter(|(c, _)| *c != fold.target.key)
                .map(|(c, _)| {
                    Sql::fill(
                        "case when ${there} is not distinct from null and s.${c} is distinct from null then ${n} end",
                        &[("c", c), ("n", &Literal::new(c.raw())), ("there", &self.there(fold, c, verdicts))],
                    )
                })
                .collect(),
            _ => Vec::new(),
        };
        let fills = Sql::fill("array_remove(array[${f}]::text[], null)", &[("f", &Sql::join(", ", fills))]);
        // in a run one look into the key's index per row; a dry run may have no index to look into
        let (held, on) = match verdicts {
            ConflictSource::Stored => (
                Sql::fill(
                    "lateral (${held} and pgfold_t.${key} = s.${key}${apart} limit 1)",
                    &[
                        ("held", &self.held(fold, verdicts)),
                        ("key", &fold.target.key),
                        ("apart", &self.and_not_rewritten(fold)),
                    ],
                ),
                "true",
            ),
            ConflictSource::Computed => {
                (Sql::fill("(${held})", &[("held", &self.held(fold, verdicts))]), "t.pgfold_tkey = s.pgfold_key")
            }
        };
        let (dead_outcome, dead_reason, dead_faults) = match fold.target.on_dead_match {
            OnDeadMatch::Fail => ("'rejected'", "'23505 the key is held by a row that is not live'", "'{}'"),
            OnDeadMatch::Skip => ("'duplicate'", "'key_not_live'", "'{}'"),
            OnDeadMatch::Revive => (DEAD_REVIVED, DEAD_REVIVED_REASON, "i.pgfold_faults"),
        };
        let arriving = self.arriving(fold, among, Some(verdicts));
        Sql::fill(
            include_str!("../../../sql/rows/batch/classified.sql"),
            &[
                ("fills", &fills),
                ("takes", &self.part.takes(fold)),
                ("takes_over", &self.takes_over(fold)),
                ("source_hash_then", &fold.shaped_hash_of_standing()),
                ("target_hash_then", &self.held_hash_of_standing(fold)),
                ("revived", &self.revived()),
                ("dead", &self.dead()),
                ("dead_outcome", &Sql::constant(dead_outcome)),
                ("dead_reason", &Sql::constant(dead_reason)),
                ("dead_faults", &Sql::constant(dead_faults)),
                ("deleted_since", &self.deleted_since(fold)),
                ("merging", &self.merging()),
                ("merged_faults", &self.merged_faults(fold, verdicts)),
                ("taken", &self.unique_conflict(fold, verdicts)),
                ("taken_joins", &self.taken_joins(fold, verdicts)),
                (
                    "shaped",
                    &if verdicts == ConflictSource::Stored {
                        fold.shaped(restrict, &arriving)
                    } else {
                        fold.shaped_among(restrict, &arriving)
                    },
                ),
                ("held", &held),
                ("held_on", &Sql::constant(on)),
                ("standing", &standing),
                ("gone", &gone),
                ("verdicts", &v),
            ],
        )
    }

    /// Whether a shaped row brings the row with its key back, which a rollback retired: whoever wins the key does, not
    /// only the legacy row that had it.
    fn revived(&self) -> Sql {
        let other = self.retired(&Sql::constant("t.pgfold_tid"));
        let other = other.map_or(Sql::constant(""), |r| Sql::fill(" or ${r}", &[("r", &r)]));
        Sql::fill(
            "(t.pgfold_tid is not null and not t.pgfold_live and (t.pgfold_tid = g.target_id${other}) and v.verdict is distinct from 'lost') is true",
            &[("other", &other)],
        )
    }

    /// Whether the key of a shaped row is held by a row that is not live, and is neither one that a rollback retired nor
    /// the one that the legacy row was moved to before.
    fn dead(&self) -> Sql {
        Sql::fill(
            "(t.pgfold_tid is not null and not t.pgfold_live and t.pgfold_tid is distinct from st.target_id${retired}) is true",
            &[("retired", &self.and_not_retired(&Sql::constant("t.pgfold_tid")))],
        )
    }

    /// Nothing, or that the target row of an id is none that a rollback retired: what pgfold put to rest itself it
    /// brings back, for whichever legacy row claims it.
    pub(in crate::planner) fn and_not_retired(&self, id: &Sql) -> Sql {
        self.retired(id).map_or(Sql::constant(""), |retired| Sql::fill(" and not ${retired}", &[("retired", &retired)]))
    }

    /// Whether a rollback retired the target row of an id; nothing where none was.
    pub(in crate::planner) fn retired(&self, id: &Sql) -> Option<Sql> {
        if self.before.undone.is_empty() {
            return None;
        }
        // a list must not be empty
        let standing = Self::runs(if self.before.standing.is_empty() { &[0] } else { &self.before.standing });
        Some(Sql::fill(
            "${id} in (select x.target_id from pgfold.crosswalk x where (x.run in (${undone}) or x.run in (${standing}) and x.undone) \
             and x.outcome = 'inserted' and x.target_id is not null)",
            &[("id", id), ("undone", &Self::runs(&self.before.undone)), ("standing", &standing)],
        ))
    }

    /// Whether an earlier run that stands brought the row `j` and somebody took it out of the target since.
    fn deleted_since(&self, fold: &SourceQuery) -> Sql {
        if !self.has_target || self.before.standing.is_empty() {
            return Sql::constant("false");
        }
        let type_name = fold.into.column(fold.target.id.raw()).map_or("text", |c| c.uncut_type());
        Sql::fill(
            "j.pgfold_standing_run is not null and not exists (select from ${target} pgfold_o where pgfold_o.${id} = j.pgfold_standing_target::${t})",
            &[("target", &fold.into.name), ("id", &fold.target.id), ("t", &Sql::of_the_server(type_name))],
        )
    }

    /// The joins of a shaped row `s` with what earlier runs did of it and with what was settled over all sources.
    fn lines(&self, fold: &SourceQuery, verdicts: ConflictSource) -> (Sql, Sql, Sql) {
        let source = Literal::new(fold.name());
        match verdicts {
            // in a run one look into an index per row: how many rows a range holds the planner can only guess
            ConflictSource::Stored => {
                let stored = Sql::fill(
                    include_str!("../../../sql/rows/batch/verdict_stored.sql"),
                    &[("source", &source), ("target", &self.winner_target()), ("claimed", &claimed(fold, "s"))],
                );
                let looked_up = |lines: &Sql, alias: &'static str| {
                    let alias = Sql::constant(alias);
                    Sql::fill("left join lateral (${l}) ${a} on true", &[("l", lines), ("a", &alias)])
                };
                (
                    looked_up(&self.standing(fold, EarlierRows::OfRow), "st"),
                    self.join_gone(fold, "s"),
                    looked_up(&stored, "v"),
                )
            }
            ConflictSource::Computed => {
                let joined = |lines: &Sql, alias: &'static str| {
                    let alias = Sql::constant(alias);
                    Sql::fill("left join (${l}) ${a} on ${a}.id = s.pgfold_id", &[("l", lines), ("a", &alias)])
                };
                let on_the_way =
                    Sql::fill("select v.* from pgfold_contest v where v.source = ${source}", &[("source", &source)]);
                (
                    joined(&self.standing(fold, EarlierRows::All), "st"),
                    self.join_gone(fold, "s"),
                    joined(&on_the_way, "v"),
                )
            }
        }
    }

    /// The winner's target row, when an earlier run that stands put it there.
    pub(in crate::planner) fn winner_target(&self) -> Sql {
        if self.before.standing.is_empty() {
            return Sql::constant("null::text");
        }
        Sql::fill(
            "(select x.target_id from pgfold.crosswalk x where x.run in (${runs}) and x.source = v.winner_source and x.id = v.winner \
             and x.outcome in ('inserted', 'merged') and x.undone is not true order by x.run desc limit 1)",
            &[("runs", &Self::runs(&self.before.standing))],
        )
    }

    pub(in crate::planner) fn halve(&self, fold: &SourceQuery) -> Sql {
        Sql::fill(
            include_str!("../../../sql/rows/batch/halve.sql"),
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
    pub fn load(&self, fold: &SourceQuery, step: i32) -> LoadStep {
        let crosswalk = &Name::of_the_server("pgfold", "crosswalk");
        let source_name = Literal::new(fold.name());
        let restrict = Sql::fill("${range} and ${out}", &[("range", &fold.range()), ("out", &fold.not_raising())]);
        let late = if fold.pass == Pass::CatchUp { fold.changed_rows() } else { Sql::constant("true") };
        let among = Sql::fill("${late} and ${out}", &[("late", &late), ("out", &fold.not_raising())]);
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
            ("defaulted", &counted("pgfold_defaulted", &violations::defaulted(fold))),
            ("lossy", &counted("pgfold_lossy", &violations::lossy(fold))),
            ("stored_row", &fold.whole_row(&Ident::of_the_server("l"))),
            ("raised", &raised),
            ("kept", &Sql::join(", ", kept)),
            ("ids", &Sql::join(", ", ids)),
            ("classified", &self.classified(fold, &restrict, &among, ConflictSource::Stored)),
            ("changes", &changes),
            ("same_row", &fold.same_row()),
        ];
        let both: Vec<(&str, &dyn crate::sql::Piece)> = pieces.iter().chain(&batch_only).copied().collect();
        let key_type = fold.into.column(fold.target.key.raw()).map_or("text", |c| c.uncut_type());
        let target: [(&str, &dyn crate::sql::Piece); 11] = [
            ("crosswalk", crosswalk),
            ("target", &fold.into.name),
            ("inside", &fold.key_inside()),
            ("id", &fold.target_id_text(TARGET_ALIAS)),
            ("whole_row", &fold.whole_row(&fold.legacy.name.name)),
            ("source_name", &source_name),
            ("source", &fold.legacy.name),
            ("alias", &fold.legacy.name.name),
            ("source_id", &fold.id_text()),
            ("key", &fold.target.key),
            ("key_type", &Sql::of_the_server(key_type)),
        ];
        LoadStep {
            source: fold.name(),
            left_out: self.part.leaves_out(&fold.name()),
            table: fold.legacy.name.clone(),
            timezone: fold.source.timezone.clone(),
            on_duplicate: fold.source.on_duplicate,
            tree: fold.is_tree(),
            cut: crate::plan::BatchBounds::of(fold, self.server_version >= 140_000),
            batch: Sql::fill(include_str!("../../../sql/rows/batch/batch.sql"), &both),
            resolve: Sql::fill(include_str!("../../../sql/rows/batch/resolve.sql"), &target),
            halve: self.halve(fold),
            reject_one: Sql::fill(include_str!("../../../sql/rows/batch/reject_one.sql"), &pieces),
            look: self.look(fold),
            quiet,
        }
    }
}

/// What a verdict `v` speaks about, as the shaped row `row` has it now.
pub(super) fn claimed(fold: &SourceQuery, row: &'static str) -> Sql {
    let row = Sql::constant(row);
    let entries = violations::other_uniques(fold).into_iter().map(|(n, _)| {
        Sql::fill(
            " when v.claim_on = ${n} then ${row}.pgfold_u${n}::text collate pg_catalog.\"C\"",
            &[("n", &(n as i64)), ("row", &row)],
        )
    });
    Sql::fill(
        "case when v.claim_on is null then ${row}.pgfold_key collate pg_catalog.\"C\" \
         when v.claim_on = ${alike} then ${row}.pgfold_alike::text collate pg_catalog.\"C\"${entries} end",
        &[
            ("alike", &crate::planner::rows::key_conflicts::ON_ALIKE),
            ("entries", &Sql::join("", entries)),
            ("row", &row),
        ],
    )
}

/// How many rows that arrive have each of the names in this column of a batch; nothing where none ever does.
fn counted(column: &str, names: &Sql) -> Sql {
    if *names == violations::names(Vec::new()) {
        return Sql::constant("null::jsonb");
    }
    Sql::fill(include_str!("../../../sql/rows/batch/counted.sql"), &[("column", &Ident::of_the_server(column))])
}

//! Who wins where several rows want one key, one unique entry, or are alike.

use std::collections::BTreeMap;

use crate::catalog::{Index, Table};
use crate::manifest::{OnDeadMatch, OnDuplicate, OnSecondaryMatch};
use crate::planner::input::PlanInput;
use crate::planner::rows::classify::{Classifier, ConflictSource, EarlierRows};
use crate::planner::rows::source_query::{Pass, SourceQuery};
use crate::planner::rows::unique_conflicts::held_entry;
use crate::planner::rows::violations;
use crate::sql::{Literal, Sql};

/// What a claim on a likeness is numbered; a claim on a unique entry has its index's number, one on the key has none.
pub(in crate::planner) const ON_ALIKE: i64 = -1;

/// The target has no unique index but that of its key.
const NO_UNIQUE: &str = "      select null::text as source, null::text as id, 2 as weight, null::text as verdict, null::text as reason, null::text as winner_source, \
    null::text as winner, null::text as winner_target, false as key_held, null::text as claim, null::int as claim_on where false";

impl Classifier<'_> {
    /// Every row that shares its key or another unique value with a better-ranked one, over all sources.
    pub(in crate::planner) fn key_conflicts(
        &self,
        leave_out: impl Fn(&SourceQuery) -> Sql,
        verdicts: ConflictSource,
    ) -> Sql {
        let mut unique = Vec::new();
        let mut parts = Vec::new();
        let mut indexes: BTreeMap<usize, &Index> = BTreeMap::new();
        for fold in self.folds {
            indexes.extend(violations::other_uniques(fold));
        }
        for (n, index) in indexes {
            let knowing = self.folds.iter().filter(|f| violations::other_uniques(f).iter().any(|(m, _)| *m == n));
            let contenders = knowing.map(|fold| {
                let shaped = self.judged(fold, &leave_out(fold), &leave_out(fold));
                // a row that comes back to life is written, too
                let again = !self.before.undone.is_empty();
                let gone = self.join_gone(fold, "q");
                let none = Sql::constant("");
                let own = self.retired(&Sql::constant("h.pgfold_tid"));
                let own = own.map_or(Sql::constant(""), |r| Sql::fill(" or ${r}", &[("r", &r)]));
                let back = Sql::fill(
                    " and ((h.pgfold_tid = g.target_id${own}) and not h.pgfold_live) is not true",
                    &[("own", &own)],
                );
                Sql::fill(
                    "select ${source}::text as source, q.pgfold_id as id, ${place} as place, row_number() over (order by ${winner}) as rank, \
                     q.pgfold_u${n} as entry, cardinality(q.pgfold_faults) = 0 as ok from (${shaped}) q ${gone} \
                     where not exists (select from (${held}) h where h.pgfold_tkey = q.pgfold_key${back}) \
                     and not exists (select from pgfold_by_key k where k.source = ${source} and k.id = q.pgfold_id)",
                    &[
                        ("source", &Literal::new(fold.name())),
                        ("place", &fold.place),
                        ("winner", &fold.winner_order()),
                        ("n", &(n as i64)),
                        ("gone", if again { &gone } else { &none }),
                        ("back", if again { &back } else { &none }),
                        ("shaped", &shaped),
                        ("held", &self.target_rows_apart(fold, verdicts)),
                    ],
                )
            });
            unique.push(Sql::fill(
                include_str!("../../../sql/rows/conflicts/key_conflicts_unique.sql"),
                &[
                    ("reason", &Literal::new(format!("23505 {}", index.name))),
                    ("n", &(n as i64)),
                    ("contenders", &Sql::join("\nunion all\n", contenders)),
                ],
            ));
        }
        // what is taken is settled before the first row moves: one that comes back may leave its entry to another
        if !self.before.undone.is_empty() && self.has_target && self.pass == Pass::Load {
            for fold in self.folds {
                parts.extend(self.contest_taken(fold, &leave_out(fold), verdicts));
            }
        }
        for fold in self.folds {
            parts.extend(self.conflicts_of_secondary_key(fold, verdicts));
        }
        let more = parts.into_iter().flat_map(|p| [Sql::constant("\n      union all\n"), p]);
        let more = Sql::join("", more);
        let unique =
            if unique.is_empty() { Sql::constant(NO_UNIQUE) } else { Sql::join("\n      union all\n", unique) };
        Sql::fill(
            include_str!("../../../sql/rows/conflicts/key_conflicts.sql"),
            &[
                ("keys", &self.keys(&leave_out)),
                ("by_key", &self.conflicts_of_key(&leave_out, verdicts)),
                ("by_unique", &unique),
                ("verdicts", &more),
            ],
        )
    }

    /// Shaped rows with their faults judged as far as they can be before anybody has won: parents `among` these count.
    fn judged(&self, fold: &SourceQuery, restrict: &Sql, among: &Sql) -> Sql {
        fold.shaped_among(restrict, &self.arriving(fold, among, None))
    }

    fn contest_taken(&self, fold: &SourceQuery, leave_out: &Sql, verdicts: ConflictSource) -> Vec<Sql> {
        let all = violations::other_uniques(fold).into_iter();
        all.filter(|(_, i)| self.can_ask(i.columns.iter().flatten().cloned().collect()))
            .map(|(n, index)| {
                let id = fold.target_id_text("pgfold_t");
                let entry = if self.is_there(index, verdicts) {
                    let another = " and ${id} is distinct from coalesce(h.pgfold_tid, g.target_id)";
                    held_entry(fold, n, index, "q", &Sql::fill(another, &[("id", &id)]))
                } else {
                    Sql::fill(
                        "exists (select from (select ${id} as id, ${values} as entry from ${target} pgfold_t) x \
                         where x.entry = q.pgfold_u${n} and x.id is distinct from coalesce(h.pgfold_tid, g.target_id))",
                        &[
                            ("id", &id),
                            ("n", &(n as i64)),
                            ("values", &violations::index_values(index)),
                            ("target", &fold.into.name),
                        ],
                    )
                };
                Sql::fill(
                    include_str!("../../../sql/rows/conflicts/key_conflicts_held.sql"),
                    &[
                        ("source", &Literal::new(fold.name())),
                        ("reason", &Literal::new(format!("23505 {}", index.name))),
                        ("shaped", &self.judged(fold, leave_out, leave_out)),
                        ("gone", &self.join_gone(fold, "q")),
                        ("held", &self.target_rows_apart(fold, verdicts)),
                        ("n", &(n as i64)),
                        ("entry", &entry),
                    ],
                )
            })
            .collect()
    }

    /// Every row's key and likeness, worked out once for all that asks for them.
    fn keys(&self, leave_out: &impl Fn(&SourceQuery) -> Sql) -> Sql {
        let keys = self.folds.iter().map(|fold| {
            Sql::fill(
                "select ${place} as place, q.pgfold_id as id, q.pgfold_key as key, q.pgfold_alike as alike from (${shaped}) q",
                &[("place", &fold.place), ("shaped", &fold.shaped_among(&leave_out(fold), &[]))],
            )
        });
        Sql::join("\nunion all\n", keys)
    }

    pub(in crate::planner) fn conflicts_of_key(
        &self,
        leave_out: &impl Fn(&SourceQuery) -> Sql,
        verdicts: ConflictSource,
    ) -> Sql {
        let contenders = self.folds.iter().map(|fold| {
            let restrict = Sql::fill(
                "${id} in (select w.id from pgfold_twice w where w.place = ${place}) and (${leave_out})",
                &[("id", &fold.id_text()), ("place", &fold.place), ("leave_out", &leave_out(fold))],
            );
            Sql::fill(
                include_str!("../../../sql/rows/conflicts/claims.sql"),
                &[
                    ("source", &Literal::new(fold.name())),
                    ("place", &fold.place),
                    ("joins", &Sql::constant(if joins_what_is_apart(fold) { "true" } else { "false" })),
                    ("winner", &fold.winner_order()),
                    (
                        "merges",
                        &Sql::constant(if fold.source.on_duplicate == OnDuplicate::Merge { "true" } else { "false" }),
                    ),
                    ("not_retired", &self.and_not_retired(&Sql::constant("h.pgfold_tid"))),
                    ("taken", &self.unique_conflict(fold, verdicts)),
                    ("taken_joins", &self.taken_joins(fold, verdicts)),
                    ("shaped", &self.judged(fold, &restrict, &leave_out(fold))),
                    ("standing", &self.standing(fold, EarlierRows::All)),
                    ("held", &self.target_rows_apart(fold, verdicts)),
                ],
            )
        });
        Sql::fill(
            include_str!("../../../sql/rows/conflicts/key_conflicts_key.sql"),
            &[("contenders", &Sql::join("\nunion all\n", contenders))],
        )
    }

    pub(in crate::planner) fn conflicts_of_secondary_key(
        &self,
        fold: &SourceQuery,
        verdicts: ConflictSource,
    ) -> Option<Sql> {
        let alike = fold.target.secondary_key.as_ref()?;
        if !self.has_target || !self.can_ask(alike.columns(&fold.into.column_names())) {
            return None;
        }
        let verdict = if fold.target.on_secondary_match == OnSecondaryMatch::Report {
            "secondary_match"
        } else {
            "secondary_match_skip"
        };
        let (dead_verdict, dead_reason) = match (fold.target.on_secondary_match, fold.target.on_dead_match) {
            (OnSecondaryMatch::Skip, OnDeadMatch::Fail) => {
                ("unique", "'23505 the secondary key is held by a row that is not live'")
            }
            _ => (verdict, "'secondary_key_not_live ' || t.dead"),
        };
        let live = self.live(fold, verdicts);
        let id = fold.target_id_text("pgfold_t");
        let live = match self.retired(&id) {
            Some(retired) => Sql::fill("(${live} or ${retired})", &[("live", &live), ("retired", &retired)]),
            None => live,
        };
        let matches = if fold.target.on_dead_match == OnDeadMatch::Revive { "false" } else { "true" };
        Some(Sql::fill(
            include_str!("../../../sql/rows/conflicts/key_conflicts_secondary.sql"),
            &[
                ("source", &Literal::new(fold.name())),
                ("verdict", &Literal::new(verdict)),
                ("dead_verdict", &Literal::new(dead_verdict)),
                ("dead_reason", &Sql::constant(dead_reason)),
                ("dead_matches", &Sql::constant(matches)),
                ("live", &live),
                ("place", &fold.place),
                ("alike", alike),
                ("id", &fold.target_id_text("pgfold_t")),
                ("target", &fold.into.name),
                ("apart", &self.and_not_ours(fold, verdicts)),
                ("claim_on", &ON_ALIKE),
                ("held", &self.target_rows_apart(fold, verdicts)),
            ],
        ))
    }

    /// `$1` run: stores the verdicts before the first batch.
    pub fn store_key_conflicts(&self) -> Sql {
        let leave_out = |fold: &SourceQuery| {
            let rows = if fold.pass == Pass::CatchUp { fold.changed_rows() } else { Sql::constant("true") };
            Sql::fill("${rows} and ${sound}", &[("rows", &rows), ("sound", &fold.not_raising())])
        };
        Sql::fill(
            "insert into pgfold.verdict (run, source, id, verdict, reason, winner_source, winner, key_held, claim, claim_on)\n\
             select $1::bigint, k.source, k.id, k.verdict, k.reason, k.winner_source, k.winner, k.key_held, k.claim, k.claim_on from (${contest}) k",
            &[("contest", &self.key_conflicts(leave_out, ConflictSource::Stored))],
        )
    }
}

/// The key reads only a part of a unique key of the source: rows that it joins are different things.
pub fn joins_what_is_apart(fold: &SourceQuery) -> bool {
    let read = fold.source.key.columns(&fold.legacy.column_names());
    fold.legacy.indexes.iter().filter(|i| i.unique && i.valid && i.predicate.is_none()).any(|index| {
        let parts: Vec<&String> = index.columns.iter().flatten().collect();
        parts.len() > read.len() && !read.is_empty() && read.iter().all(|r| parts.contains(&r))
    })
}

impl PlanInput<'_> {
    /// Keys that join rows which the source's own unique keys keep apart.
    pub fn doubtful_keys(&self, into: &Table) -> Vec<String> {
        self.source_queries(into).iter().filter(|f| joins_what_is_apart(f)).map(SourceQuery::name).collect()
    }
}

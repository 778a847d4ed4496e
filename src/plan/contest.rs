//! Who wins where several rows want one key, one unique entry, or are alike.

use std::collections::BTreeMap;

use crate::catalog::Index;
use crate::manifest::OnAlike;
use crate::sql::{Literal, Sql};

use super::faults;
use super::fold::Fold;
use super::sources::{Composer, Verdicts, Wanted};

impl Composer<'_> {
    /// Every row that shares its key or another unique value with a better-ranked one, over all sources.
    pub(super) fn contest(&self, leave_out: impl Fn(&Fold) -> Sql, verdicts: Verdicts) -> Sql {
        let mut parts = vec![self.contest_key(&leave_out, verdicts)];
        let mut indexes: BTreeMap<usize, &Index> = BTreeMap::new();
        for fold in self.folds {
            indexes.extend(faults::other_uniques(fold));
        }
        for (n, index) in indexes {
            let knowing = self.folds.iter().filter(|f| faults::other_uniques(f).iter().any(|(m, _)| *m == n));
            let contenders = knowing.map(|fold| {
                let shaped = fold.shaped(&leave_out(fold));
                // a row that comes back to life is written, too
                let again = !self.before.undone.is_empty();
                let gone = Sql::fill("left join (${g}) g on g.id = q.pgfold_id ", &[("g", &self.gone(fold))]);
                let none = Sql::constant("");
                let back = Sql::constant(" and (h.pgfold_tid = g.target_id and not h.pgfold_live) is not true");
                Sql::fill(
                    "select ${source}::text as source, q.pgfold_id as id, ${place} as place, row_number() over (order by ${winner}) as rank, \
                     q.pgfold_u${n} as entry, cardinality(q.pgfold_faults) = 0 as ok from (${shaped}) q ${gone}\
                     where not exists (select from (${held}) h where h.pgfold_tkey = q.pgfold_key${back})",
                    &[
                        ("source", &Literal::new(fold.name())),
                        ("place", &fold.place),
                        ("winner", &fold.winner_order()),
                        ("n", &(n as i64)),
                        ("gone", if again { &gone } else { &none }),
                        ("back", if again { &back } else { &none }),
                        ("shaped", &shaped),
                        ("held", &self.held_apart(fold, verdicts)),
                    ],
                )
            });
            parts.push(Sql::fill(
                include_str!("../../sql/fold/contest_unique.sql"),
                &[
                    ("reason", &Literal::new(format!("23505 {}", index.name))),
                    ("contenders", &Sql::join("\nunion all\n", contenders)),
                ],
            ));
        }
        // what is taken is settled before the first row moves: one that comes back may leave its entry to another
        if !self.before.undone.is_empty() && self.has_target && !self.late {
            for fold in self.folds {
                parts.extend(self.contest_taken(fold, &leave_out(fold)));
            }
        }
        for fold in self.folds {
            parts.extend(self.contest_alike(fold, verdicts));
        }
        let verdicts = Sql::join("\n      union all\n", parts);
        Sql::fill(
            include_str!("../../sql/fold/contest.sql"),
            &[("keys", &self.keys(&leave_out)), ("verdicts", &verdicts)],
        )
    }

    fn contest_taken(&self, fold: &Fold, leave_out: &Sql) -> Vec<Sql> {
        let all = faults::other_uniques(fold).into_iter();
        all.filter(|(_, i)| self.can_ask(i.columns.iter().flatten().cloned().collect()))
            .map(|(n, index)| {
                Sql::fill(
                    include_str!("../../sql/fold/contest_taken.sql"),
                    &[
                        ("source", &Literal::new(fold.name())),
                        ("reason", &Literal::new(format!("23505 {}", index.name))),
                        ("shaped", &fold.shaped(leave_out)),
                        ("gone", &self.gone(fold)),
                        ("n", &(n as i64)),
                        ("id", &fold.target.id),
                        ("values", &faults::index_values(index)),
                        ("target", &fold.into.name),
                    ],
                )
            })
            .collect()
    }

    /// Every row's key and likeness, worked out once for all that asks for them.
    fn keys(&self, leave_out: &impl Fn(&Fold) -> Sql) -> Sql {
        let keys = self.folds.iter().map(|fold| {
            Sql::fill(
                "select ${place} as place, q.pgfold_id as id, q.pgfold_key as key, q.pgfold_alike as alike from (${shaped}) q",
                &[("place", &fold.place), ("shaped", &fold.shaped(&leave_out(fold)))],
            )
        });
        Sql::join("\nunion all\n", keys)
    }

    pub(super) fn contest_key(&self, leave_out: &impl Fn(&Fold) -> Sql, verdicts: Verdicts) -> Sql {
        let contenders = self.folds.iter().map(|fold| {
            let restrict = Sql::fill(
                "${id} in (select w.id from pgfold_twice w where w.place = ${place}) and (${leave_out})",
                &[("id", &fold.id_text()), ("place", &fold.place), ("leave_out", &leave_out(fold))],
            );
            Sql::fill(
                include_str!("../../sql/fold/contender.sql"),
                &[
                    ("source", &Literal::new(fold.name())),
                    ("place", &fold.place),
                    ("joins", &Sql::constant(if joins_what_is_apart(fold) { "true" } else { "false" })),
                    ("winner", &fold.winner_order()),
                    ("shaped", &fold.shaped(&restrict)),
                    ("standing", &self.standing(fold, Wanted::All)),
                    ("held", &self.held_apart(fold, verdicts)),
                ],
            )
        });
        Sql::fill(
            include_str!("../../sql/fold/contest_key.sql"),
            &[("contenders", &Sql::join("\nunion all\n", contenders))],
        )
    }

    pub(super) fn contest_alike(&self, fold: &Fold, verdicts: Verdicts) -> Option<Sql> {
        let alike = fold.target.alike.as_ref()?;
        if !self.has_target || !self.can_ask(alike.columns(&fold.into.column_names())) {
            return None;
        }
        let verdict = if fold.target.on_alike == OnAlike::Report { "alike" } else { "alike skip" };
        Some(Sql::fill(
            include_str!("../../sql/fold/contest_alike.sql"),
            &[
                ("source", &Literal::new(fold.name())),
                ("verdict", &Literal::new(verdict)),
                ("place", &fold.place),
                ("alike", alike),
                ("id", &fold.target.id),
                ("target", &fold.into.name),
                ("apart", &self.and_not_ours(fold)),
                ("held", &self.held_apart(fold, verdicts)),
            ],
        ))
    }

    /// `$1` run: stores the verdicts before the first batch.
    pub fn store_contest(&self) -> Sql {
        let leave_out = |fold: &Fold| {
            let rows = if fold.late { fold.late_rows() } else { Sql::constant("true") };
            Sql::fill("${rows} and ${sound}", &[("rows", &rows), ("sound", &fold.not_raising())])
        };
        Sql::fill(
            "insert into pgfold.verdict (run, source, id, verdict, reason, winner_source, winner, key_held)\n\
             select $1::bigint, k.source, k.id, k.verdict, k.reason, k.winner_source, k.winner, k.key_held from (${contest}) k",
            &[("contest", &self.contest(leave_out, Verdicts::Stored))],
        )
    }
}

/// The key reads only a part of a unique key of the source: rows that it joins are different things.
pub fn joins_what_is_apart(fold: &Fold) -> bool {
    let read = fold.source.key.columns(&fold.legacy.column_names());
    fold.legacy.indexes.iter().filter(|i| i.unique && i.valid && i.predicate.is_none()).any(|index| {
        let parts: Vec<&String> = index.columns.iter().flatten().collect();
        parts.len() > read.len() && !read.is_empty() && read.iter().all(|r| parts.contains(&r))
    })
}

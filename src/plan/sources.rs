//! The statements that move one source, and the same classifier for reading only.

use crate::catalog::Table;
use crate::manifest::{OnAlike, OnDuplicate};
use crate::sql::{Ident, Literal, Name, Sql};

use super::fold::{Fold, row_hash};
use super::{Look, Move, Quiet, faults};

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
enum Verdicts {
    Stored,
    OnTheWay,
}

const TARGET_ALIAS: &str = "pgfold_t";

pub struct Composer<'a> {
    pub folds: &'a [Fold<'a>],
    pub before: &'a Before,
    /// Whether the target has its key column now; before the enhancements it may not.
    pub has_key: bool,
    /// Where the target does not exist yet there is nothing to hold a key.
    pub has_target: bool,
    /// Columns that the target has now, as opposed to those still to come.
    pub present: &'a [String],
}

impl Composer<'_> {
    fn runs(runs: &[i64]) -> Sql {
        Sql::join(", ", runs.iter().copied())
    }

    fn standing(&self, fold: &Fold) -> Sql {
        if self.before.standing.is_empty() {
            return Sql::constant(
                "select null::text as id, null::bigint as run, null::text as target_id, null::bigint as source_hash where false",
            );
        }
        Sql::fill(
            include_str!("../../sql/fold/standing.sql"),
            &[("runs", &Self::runs(&self.before.standing)), ("source", &Literal::new(fold.name()))],
        )
    }

    fn gone(&self, fold: &Fold) -> Sql {
        if self.before.undone.is_empty() {
            return Sql::constant("select null::text as id, null::text as target_id where false");
        }
        Sql::fill(
            include_str!("../../sql/fold/gone.sql"),
            &[("runs", &Self::runs(&self.before.undone)), ("source", &Literal::new(fold.name()))],
        )
    }

    /// The target's rows with their keys, as they are now.
    fn held(&self, fold: &Fold, verdicts: Verdicts) -> Sql {
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
            &[("id", &fold.target.id), ("key", &key), ("live", &live), ("target", &fold.into.name)],
        )
    }

    fn can_ask(&self, columns: Vec<String>) -> bool {
        columns.iter().all(|c| self.present.contains(c))
    }

    fn classified(&self, fold: &Fold, restrict: &Sql, verdicts: Verdicts) -> Sql {
        let v = match verdicts {
            Verdicts::Stored => Sql::fill(
                "select v.id, v.verdict, v.reason, v.winner_source, v.winner, ${target} as winner_target from pgfold.verdict v \
                 where v.run = $1::bigint and v.source = ${source}",
                &[("source", &Literal::new(fold.name())), ("target", &self.winner_target())],
            ),
            Verdicts::OnTheWay => Sql::fill(
                "select v.* from pgfold_contest v where v.source = ${source}",
                &[("source", &Literal::new(fold.name()))],
            ),
        };
        let shown = |c: &Ident| verdicts == Verdicts::Stored || self.present.iter().any(|p| p == c.raw());
        let fills: Vec<Sql> = match fold.source.on_duplicate {
            OnDuplicate::Merge => (fold.columns().iter())
                .filter(|(c, _)| shown(c) && *c != fold.target.key)
                .map(|(c, _)| {
                    Sql::fill(
                        "case when t.${c} is null and s.${c} is not null then ${n} end",
                        &[("c", c), ("n", &Literal::new(c.raw()))],
                    )
                })
                .collect(),
            _ => Vec::new(),
        };
        let fills = Sql::fill("array_remove(array[${f}]::text[], null)", &[("f", &Sql::join(", ", fills))]);
        let held = if self.has_target {
            self.held(fold, verdicts)
        } else {
            Sql::constant("select null::text as pgfold_tid, null::text as pgfold_tkey, true as pgfold_live where false")
        };
        Sql::fill(
            include_str!("../../sql/fold/classified.sql"),
            &[
                ("fills", &fills),
                ("taken", &self.taken(fold)),
                ("shaped", &fold.shaped(restrict)),
                ("held", &held),
                ("standing", &self.standing(fold)),
                ("gone", &self.gone(fold)),
                ("verdicts", &v),
            ],
        )
    }

    /// The winner's target row, when an earlier run that stands put it there.
    fn winner_target(&self) -> Sql {
        if self.before.standing.is_empty() {
            return Sql::constant("null::text");
        }
        Sql::fill(
            "(select x.target_id from pgfold.crosswalk x where x.run in (${runs}) and x.source = v.winner_source and x.id = v.winner \
             and x.outcome in ('inserted', 'merged') and x.undone is not true limit 1)",
            &[("runs", &Self::runs(&self.before.standing))],
        )
    }

    /// Which other unique index of the target holds the row's values already.
    fn taken(&self, fold: &Fold) -> Sql {
        if !self.has_target {
            return Sql::constant("null::text");
        }
        let cases: Vec<Sql> = faults::other_uniques(fold)
            .into_iter()
            .enumerate()
            .filter(|(_, i)| i.columns.iter().flatten().all(|c| self.present.contains(c)))
            .map(|(n, index)| {
                Sql::fill(
                    "case when s.pgfold_u${n} is not null and exists (select from (select ${values} as entry from ${target}) x \
                     where x.entry = s.pgfold_u${n}) then ${word} end",
                    &[
                        ("n", &(n as i64)),
                        ("values", &faults::index_values(index)),
                        ("target", &fold.into.name),
                        ("word", &Literal::new(format!("23505 {}", index.name))),
                    ],
                )
            })
            .collect();
        if cases.is_empty() {
            Sql::constant("null::text")
        } else {
            Sql::fill("coalesce(${c})", &[("c", &Sql::join(", ", cases))])
        }
    }

    /// Every row that shares its key or another unique value with a better-ranked one, over all sources.
    fn contest(&self, leave_out: impl Fn(&Fold) -> Sql, verdicts: Verdicts) -> Sql {
        let mut parts = vec![self.contest_key(&leave_out)];
        for (n, index) in self.folds.first().map(faults::other_uniques).unwrap_or_default().into_iter().enumerate() {
            let contenders = self.folds.iter().map(|fold| {
                let shaped = fold.shaped(&leave_out(fold));
                let held = if self.has_target { self.held(fold, verdicts) } else { Sql::constant("select null::text as pgfold_tkey where false") };
                Sql::fill(
                    "select ${source}::text as source, q.pgfold_id as id, ${place} as place, row_number() over (order by ${winner}) as rank, \
                     q.pgfold_u${n} as entry, cardinality(q.pgfold_faults) = 0 as ok from (${shaped}) q \
                     where not exists (select from (${held}) h where h.pgfold_tkey = q.pgfold_key)",
                    &[
                        ("source", &Literal::new(fold.name())),
                        ("place", &fold.place),
                        ("winner", &fold.winner_order()),
                        ("n", &(n as i64)),
                        ("shaped", &shaped),
                        ("held", &held),
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
        for fold in self.folds {
            parts.extend(self.contest_alike(fold, &leave_out(fold), verdicts));
        }
        Sql::fill(include_str!("../../sql/fold/contest.sql"), &[("verdicts", &Sql::join("\n      union all\n", parts))])
    }

    fn contest_key(&self, leave_out: &impl Fn(&Fold) -> Sql) -> Sql {
        let keys = self.folds.iter().map(|fold| {
            Sql::fill(
                "select (${key})::text as key from ${source} as ${alias} where coalesce(${filter}, false) and (${leave_out})",
                &[
                    ("key", &Sql::as_written(fold.source.key.raw())),
                    ("source", &fold.legacy.name),
                    ("alias", &fold.legacy.name.name),
                    ("filter", &fold.source.filter),
                    ("leave_out", &leave_out(fold)),
                ],
            )
        });
        let contenders = self.folds.iter().map(|fold| {
            let key = Sql::as_written(fold.source.key.raw());
            let restrict = Sql::fill(
                "(${key})::text in (select w.key from twice w) and (${leave_out})",
                &[("key", &key), ("leave_out", &leave_out(fold))],
            );
            Sql::fill(
                include_str!("../../sql/fold/contender.sql"),
                &[
                    ("source", &Literal::new(fold.name())),
                    ("place", &fold.place),
                    ("joins", &Sql::constant(if joins_what_is_apart(fold) { "true" } else { "false" })),
                    ("winner", &fold.winner_order()),
                    ("shaped", &fold.shaped(&restrict)),
                    ("standing", &self.standing(fold)),
                ],
            )
        });
        Sql::fill(
            include_str!("../../sql/fold/contest_key.sql"),
            &[("keys", &Sql::join("\nunion all\n", keys)), ("contenders", &Sql::join("\nunion all\n", contenders))],
        )
    }

    fn contest_alike(&self, fold: &Fold, restrict: &Sql, verdicts: Verdicts) -> Option<Sql> {
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
                ("shaped", &fold.shaped(restrict)),
                ("alike", alike),
                ("id", &fold.target.id),
                ("target", &fold.into.name),
                ("held", &self.held(fold, verdicts)),
            ],
        ))
    }

    /// `$1` run: stores the verdicts before the first batch.
    pub fn store_contest(&self) -> Sql {
        let leave_out = |fold: &Fold| {
            Sql::fill(
                "not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = ${source} and v.verdict = 'raises' and v.id = ${id})",
                &[("source", &Literal::new(fold.name())), ("id", &fold.id_text())],
            )
        };
        Sql::fill(
            "insert into pgfold.verdict (run, source, id, verdict, reason, winner_source, winner)\n\
             select $1::bigint, k.source, k.id, k.verdict, k.reason, k.winner_source, k.winner from (${contest}) k",
            &[("contest", &self.contest(leave_out, Verdicts::Stored))],
        )
    }

    pub fn look(&self, fold: &Fold) -> Look {
        let leave_out = |f: &Fold| {
            Sql::fill(
                "not ((${source} || ' ' || ${id}) = any ($4::text[]))",
                &[("source", &Literal::new(f.name())), ("id", &f.id_text())],
            )
        };
        let contest = Sql::fill(
            "with pgfold_contest as materialized (${contest})",
            &[("contest", &self.contest(leave_out, Verdicts::OnTheWay))],
        );
        let restrict = Sql::fill("${range} and ${out}", &[("range", &fold.range()), ("out", &leave_out(fold))]);
        let classified = self.classified(fold, &restrict, Verdicts::OnTheWay);
        let compared: Vec<Ident> = (fold.columns().into_iter().map(|(c, _)| c))
            .filter(|c| self.present.iter().any(|p| p == c.raw()) && !fold.target.churn.iter().any(|n| n == c.raw()))
            .filter(|c| *c != fold.target.key)
            .collect();
        let side = |alias: &'static str| {
            let alias = Ident::of_the_server(alias);
            let parts: Vec<Sql> = compared
                .chunks(45)
                .map(|chunk| {
                    let pairs = chunk.iter().map(|c| {
                        let value = if fold.source.sensitive.iter().any(|s| s == c.raw()) {
                            Sql::fill("md5(${t}.${c}::text)", &[("t", &alias), ("c", c)])
                        } else {
                            Sql::fill("${t}.${c}", &[("t", &alias), ("c", c)])
                        };
                        Sql::fill("${n}, ${v}", &[("n", &Literal::new(c.raw())), ("v", &value)])
                    });
                    Sql::fill("jsonb_build_object(${p})", &[("p", &Sql::join(", ", pairs))])
                })
                .collect();
            if parts.is_empty() { Sql::constant("'{}'::jsonb") } else { Sql::join(" || ", parts) }
        };
        let (ours, theirs) = (side("c"), side(TARGET_ALIAS));
        let (id, range) = (fold.id_text(), fold.range());
        let fill = |template: &'static str| {
            Sql::fill(
                template,
                &[
                    ("contest", &contest),
                    ("classified", &classified),
                    ("source", &fold.legacy.name),
                    ("alias", &fold.legacy.name.name),
                    ("range", &range),
                    ("filter", &fold.source.filter),
                    ("id", &id),
                    ("ours", &ours),
                    ("theirs", &theirs),
                    ("target", &fold.into.name),
                    ("target_id", &fold.target.id),
                ],
            )
        };
        Look {
            counts: fill(include_str!("../../sql/fold/look_counts.sql")),
            rows: fill(include_str!("../../sql/fold/look_rows.sql")),
            differences: if self.has_target {
                fill(include_str!("../../sql/fold/look_differences.sql"))
            } else {
                Sql::constant("")
            },
            faults: fill(include_str!("../../sql/fold/look_faults.sql")),
            counters: fill(include_str!("../../sql/fold/look_counters.sql")),
            evaluate: Sql::fill(include_str!("../../sql/fold/evaluate.sql"), &[("shaped", &fold.shaped(&restrict))]),
            halve: self.halve(fold),
        }
    }

    fn halve(&self, fold: &Fold) -> Sql {
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
        let leave_out = Sql::fill(
            "not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = ${source} and v.verdict = 'raises' and v.id = ${id})",
            &[("source", &source_name), ("id", &fold.id_text())],
        );
        let restrict = Sql::fill("${range} and ${out}", &[("range", &fold.range()), ("out", &leave_out)]);
        let pieces: [(&str, &dyn crate::sql::Piece); 8] = [
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
        let batch_only: [(&str, &dyn crate::sql::Piece); 5] = [
            ("kept", &Sql::join(", ", kept)),
            ("ids", &Sql::join(", ", ids)),
            ("classified", &self.classified(fold, &restrict, Verdicts::Stored)),
            ("changes", &changes),
            ("same_row", &fold.same_row()),
        ];
        let both: Vec<(&str, &dyn crate::sql::Piece)> = pieces.iter().chain(&batch_only).copied().collect();
        let target: [(&str, &dyn crate::sql::Piece); 4] =
            [("crosswalk", crosswalk), ("target", &fold.into.name), ("id", &fold.target.id), ("key", &fold.target.key)];
        Move {
            source: fold.name(),
            table: fold.legacy.name.clone(),
            timezone: fold.source.timezone.clone(),
            on_duplicate: fold.source.on_duplicate,
            boundaries: Sql::fill(
                include_str!("../../sql/fold/boundaries.sql"),
                &[
                    ("ids", &fold.id_array()),
                    ("columns", &fold.id_columns()),
                    ("source", &fold.legacy.name),
                    ("alias", &fold.legacy.name.name),
                ],
            ),
            batch: Sql::fill(include_str!("../../sql/fold/batch.sql"), &both),
            resolve: Sql::fill(include_str!("../../sql/fold/resolve.sql"), &target),
            halve: self.halve(fold),
            reject_one: Sql::fill(include_str!("../../sql/fold/reject_one.sql"), &pieces),
            look: self.look(fold),
            quiet,
        }
    }

    /// The parts of a batch that write to the target: insert, revive and merge.
    fn changes(&self, fold: &Fold, step: i32) -> (Sql, Quiet) {
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
            let otherwise = match (&id.default, id.identity.is_empty(), fold.into.sequences.first()) {
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
        let common: [(&str, &dyn crate::sql::Piece); 4] =
            [("target", &fold.into.name), ("id", &fold.target.id), ("key", &fold.target.key), ("hash", &hash)];
        let insert_only: [(&str, &dyn crate::sql::Piece); 3] = [
            ("names", &Sql::join(", ", names)),
            ("values", &Sql::join(", ", values)),
            ("overriding", &Sql::constant(overriding)),
        ];
        let all: Vec<(&str, &dyn crate::sql::Piece)> = common.iter().chain(&insert_only).copied().collect();
        let mut out = vec![Sql::fill(include_str!("../../sql/fold/insert.sql"), &all)];
        let mut written = vec!["select * from inserted"];
        let mut touches = false;
        if again {
            out.push(self.revive(fold, &common));
            written.push("select * from revived");
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

    fn revive(&self, fold: &Fold, common: &[(&str, &dyn crate::sql::Piece)]) -> Sql {
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

fn merge(fold: &Fold, step: i32, common: &[(&str, &dyn crate::sql::Piece)]) -> Sql {
    let assignments = (fold.columns().into_iter().filter(|(c, _)| *c != fold.target.key))
        .map(|(c, _)| Sql::fill("${c} = coalesce(pgfold_t.${c}, c.${c})", &[("c", &c)]));
    let set = Sql::join(", ", assignments);
    let (step, name) = (i64::from(step), Literal::new(fold.into.name.plain()));
    let mut pieces = common.to_vec();
    pieces.extend([("assignments", &set as &dyn crate::sql::Piece), ("step", &step), ("target_name", &name)]);
    Sql::fill(include_str!("../../sql/fold/merge.sql"), &pieces)
}

/// The hash that finds edits of a target row: every column but churn and generated ones, by name.
pub fn target_hash(alias: &Ident, table: &Table, churn: &[String]) -> Sql {
    let columns = table.columns.iter().filter(|c| !c.generated && !churn.contains(&c.name));
    let names: Vec<&str> = columns.map(|c| c.name.as_str()).collect();
    row_hash(alias, &names)
}

/// The target's update triggers, to be silent while rows that were there are changed.
pub fn quiet(table: &Table) -> Quiet {
    let triggers = table.update_triggers().map(|t| Ident::of_the_server(t.name.as_str()));
    Quiet { table: Some(table.name.clone()), triggers: triggers.collect() }
}

/// The key reads only a part of a unique key of the source: rows that it joins are different things.
pub fn joins_what_is_apart(fold: &Fold) -> bool {
    let read = fold.source.key.columns(&fold.legacy.column_names());
    fold.legacy.indexes.iter().filter(|i| i.unique && i.valid && i.predicate.is_none()).any(|index| {
        let parts: Vec<&String> = index.columns.iter().flatten().collect();
        parts.len() > read.len() && !read.is_empty() && read.iter().all(|r| parts.contains(&r))
    })
}

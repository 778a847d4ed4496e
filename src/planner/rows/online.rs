//! Live writers: what is asked of them during a run, and how an online run settles with what they wrote.

use crate::catalog::Table;
use crate::plan::{Action, CatchUp, CatchUpSource, Step, WriterPolicy};
use crate::planner::input::PlanInput;
use crate::planner::rows::classify::{Classifier, ConflictSource};
use crate::planner::rows::source_query::{Once, Pass, SourceQuery};
use crate::planner::rows::write;
use crate::sql::{Ident, Literal, Name, Piece, Sql};

/// Sources that hold no more rows than this together are locked against writing while they move.
const SMALL: i64 = 200_000;

impl SourceQuery<'_> {
    /// Whether a row is one of the late ones; `$1` run.
    pub(in crate::planner) fn changed_rows(&self) -> Sql {
        let type_of = |c: &Ident| self.legacy.column(c.raw()).map_or("text", |c| c.uncut_type()).to_owned();
        let typed = match self.source.id.as_slice() {
            [one] => Sql::fill("l.id::${t}", &[("t", &Sql::of_the_server(type_of(one)))]),
            many => Sql::join(
                ", ",
                many.iter().enumerate().map(|(i, c)| {
                    let pieces: [(&str, &dyn Piece); 2] =
                        [("i", &(i as i64 + 1)), ("t", &Sql::of_the_server(type_of(c)))];
                    Sql::fill("(l.id::text[])[${i}]::${t}", &pieces)
                }),
            ),
        };
        if !self.plainly_ordered() {
            return Sql::fill(
                include_str!("../../../sql/rows/online/online_range.sql"),
                &[("ids", &self.id_text()), ("typed", &Sql::constant("l.id")), ("source", &Literal::new(self.name()))],
            );
        }
        Sql::fill(
            include_str!("../../../sql/rows/online/online_range.sql"),
            &[("ids", &self.id_columns()), ("typed", &typed), ("source", &Literal::new(self.name()))],
        )
    }

    /// The keys of the late rows that can be evaluated; `$1` run.
    fn changed_keys(&self) -> Sql {
        let late = Sql::fill(
            "${late} and coalesce(${filter}, false) and ${sound}",
            &[("late", &self.changed_rows()), ("filter", &self.source.filter), ("sound", &self.not_raising())],
        );
        Sql::fill(
            "select ${key} as key from ${source} as ${alias} where ${late}",
            &[
                ("key", &self.key_text()),
                ("source", &self.legacy.name),
                ("alias", &self.legacy.name.name),
                ("late", &self.in_own_zone(late)),
            ],
        )
    }
}

/// Whether a row of the target is one that the run is about to make anew; over `pgfold_t`, `$1` run.
fn late_target(id: &Sql) -> Sql {
    Sql::fill(
        "${id} in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null)",
        &[("id", id)],
    )
}

impl Classifier<'_> {
    /// Nothing, or that the target row is none that is about to be made anew.
    pub(in crate::planner) fn and_not_rewritten(&self, fold: &SourceQuery) -> Sql {
        if self.pass == Pass::CatchUp {
            Sql::fill(
                " and not (${l})",
                &[("l", &late_target(&fold.target_id_text(crate::planner::rows::classify::TARGET_ALIAS)))],
            )
        } else {
            Sql::constant("")
        }
    }

    /// Nothing, or that the target row is none of this run's; a run that goes on has some already.
    pub(in crate::planner) fn and_not_ours(&self, fold: &SourceQuery, verdicts: ConflictSource) -> Sql {
        if verdicts != ConflictSource::Stored {
            return Sql::constant("");
        }
        Sql::fill(
            "${late} and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = ${id})",
            &[
                ("late", &self.and_not_rewritten(fold)),
                ("id", &fold.target_id_text(crate::planner::rows::classify::TARGET_ALIAS)),
            ],
        )
    }

    /// The target's rows without those that are about to be made anew.
    pub(in crate::planner) fn target_rows_apart(
        &self,
        fold: &SourceQuery,
        verdicts: crate::planner::rows::classify::ConflictSource,
    ) -> Sql {
        let held = self.held(fold, verdicts);
        let apart =
            if self.pass == Pass::CatchUp { self.and_not_rewritten(fold) } else { self.and_not_ours(fold, verdicts) };
        if apart.is_empty() {
            return held;
        }
        Sql::fill("${held}${apart}", &[("held", &held), ("apart", &apart)])
    }

    /// Late rows write over what the run had made of their key, and are inserted where it had made nothing.
    pub(in crate::planner) fn rewrite(&self, fold: &SourceQuery, pieces: &[(&str, &dyn Piece)]) -> Sql {
        let own = fold.columns();
        let mut set: Vec<Sql> = (own.iter())
            .filter(|(c, _)| *c != fold.target.key && *c != fold.target.id && !fold.churns(c))
            .map(|(c, _)| Sql::fill("${c} = c.${c}", &[("c", c)]))
            .collect();
        // another source may have filled more
        let mut reset: Vec<Ident> = Vec::new();
        for (column, _) in self.folds.iter().flat_map(SourceQuery::columns) {
            let kept = column == fold.target.id || fold.churns(&column);
            if !own.iter().any(|(c, _)| *c == column) && !kept && !reset.contains(&column) {
                set.push(Sql::fill("${c} = default", &[("c", &column)]));
                reset.push(column);
            }
        }
        let (set, late) =
            (Sql::join(", ", set), late_target(&fold.target_id_text(crate::planner::rows::classify::TARGET_ALIAS)));
        let mut all = pieces.to_vec();
        all.extend([("assignments", &set as &dyn Piece), ("late_target", &late)]);
        Sql::fill(include_str!("../../../sql/rows/online/online_insert.sql"), &all)
    }
}

/// The whole of it; `steps` are those before.
pub(in crate::planner) fn settle(given: &PlanInput, composer: &Classifier, steps: &[Step]) -> CatchUp {
    let folds: Vec<SourceQuery> = composer
        .folds
        .iter()
        .map(|f| SourceQuery {
            source: f.source,
            legacy: f.legacy,
            target: f.target,
            into: f.into,
            place: f.place,
            pass: Pass::CatchUp,
            zone: f.zone.clone(),
            before: f.before,
            once: Once::default(),
        })
        .collect();
    let late = Classifier { folds: &folds, pass: Pass::CatchUp, ..*composer };
    let step_of = |source: &str| {
        let moved = steps.iter().find(|s| matches!(&s.action, Action::Move(m) if m.source == source));
        moved.map_or(0, |s| s.number)
    };
    let sources = folds.iter().map(|fold| {
        let step = step_of(&fold.name());
        let different = Sql::fill(
            include_str!("../../../sql/rows/online/online_changed.sql"),
            &[
                ("source_name", &Literal::new(fold.name())),
                ("id", &fold.id_text()),
                ("hash", &fold.source_hash()),
                ("source", &fold.legacy.name),
                ("alias", &fold.legacy.name.name),
            ],
        );
        CatchUpSource { step, different, moving: late.load(fold, step) }
    });
    let sources: Vec<CatchUpSource> = sources.collect();
    let left = folds.first().map_or_else(
        || Sql::constant("'{}'::jsonb"),
        |f| write::left_values(f.into, &write::left_by_merge(f.into, crate::planner::build::filled(&folds))),
    );
    let into = folds.first().map(|f| f.into);
    let target = &given.manifest.target;
    let keys = Sql::join("\n       union all\n       ", folds.iter().map(SourceQuery::changed_keys));
    let name = into.map_or_else(|| Name::of_the_server("public", "none"), |t| t.name.clone());
    let hash = into.map(|t| write::target_hash(&Ident::of_the_server("pgfold_t"), t, &target.ignore_changes));
    let id_type = into.and_then(|t| t.column(target.id.raw())).map_or("text", |c| c.uncut_type());
    let common: [(&str, &dyn Piece); 4] =
        [("target", &name), ("id", &target.id), ("key", &target.key), ("keys", &keys)];
    let fill = |template: &'static str, more: &[(&str, &dyn Piece)]| {
        let all: Vec<(&str, &dyn Piece)> = common.iter().chain(more).copied().collect();
        Sql::fill(template, &all)
    };
    let id_sql = Sql::of_the_server(id_type);
    let referred = given.referenced_by.iter().filter(|(table, ..)| *table != name).map(|(table, column, to)| {
        Sql::fill(
            "select pgfold_t.${id}::text as id from unwanted u join ${target} pgfold_t on pgfold_t.${id} = u.target_id::${t} \
             join ${by} r on r.${column} = pgfold_t.${to}",
            &[("by", table), ("column", column), ("to", to), ("target", &name), ("id", &target.id), ("t", &id_sql)],
        )
    });
    let referred = Sql::join(
        "\n  union all\n  ",
        std::iter::once(Sql::constant("select null::text as id where false")).chain(referred),
    );
    let of = Sql::fill(
        "pgfold_t.${id} = any ($1::text[]::${t}[])",
        &[("id", &target.id), ("t", &Sql::of_the_server(id_type))],
    );
    let soft_delete = target.soft_delete.as_ref().map(|soft| {
        let set = soft.set.iter().map(|(c, e)| Sql::fill("${c} = (${e})", &[("c", c), ("e", e)]));
        fill("update ${target} as pgfold_t set ${set} where ${of}", &[("set", &Sql::join(", ", set)), ("of", &of)])
    });
    CatchUp {
        timezone: crate::planner::build::one_zone(&folds),
        claims: Sql::constant(include_str!("../../../sql/rows/online/online_claims.sql")),
        lock: Sql::fill(
            "lock table ${tables} in share row exclusive mode",
            &[("tables", &Sql::join(", ", folds.iter().map(|f| f.legacy.name.clone())))],
        ),
        sources,
        keys: fill(include_str!("../../../sql/rows/online/online_keys.sql"), &[]),
        edited: fill(
            include_str!("../../../sql/rows/online/online_edited.sql"),
            &[("target_hash", &hash.unwrap_or_else(|| Sql::constant("null::bigint")))],
        ),
        merged: crate::planner::build::restoring(given, into).map(|restore| {
            fill(
                include_str!("../../../sql/rows/online/online_merged.sql"),
                &[("restore", &restore), ("table_name", &Literal::new(name.plain())), ("left", &left)],
            )
        }),
        back: Sql::constant(include_str!("../../../sql/rows/online/online_undo.sql")),
        contest: late.store_key_conflicts(),
        gone: fill(include_str!("../../../sql/rows/online/online_gone.sql"), &[("referred", &referred)]),
        delete: fill("delete from ${target} as pgfold_t where ${of}", &[("of", &of)]),
        soft_delete,
        quiet: into.map(write::quiet_beside_inserts).unwrap_or_default(),
    }
}

/// Small sources are locked where we may; the application goes on writing to them online.
pub(in crate::planner) fn writers(given: &PlanInput) -> WriterPolicy {
    if given.scope.online {
        return WriterPolicy::Online;
    }
    if !given.scope.migrate {
        return WriterPolicy::Free;
    }
    let present = given.manifest.sources.iter().filter_map(|s| given.catalog.table(&s.table));
    let sources: Vec<&Table> = present.filter(|t| matches!(t.kind.as_str(), "r" | "p")).collect();
    let rows: i64 = sources.iter().map(|t| t.estimated_rows.max(t.bytes / 200).max(0)).sum();
    let may = sources.iter().all(|t| may_lock(t));
    if sources.is_empty() || rows > SMALL || !may {
        return WriterPolicy::Free;
    }
    WriterPolicy::Wait(sources.iter().map(|t| t.name.clone()).collect())
}

/// A lock against writers is given only to those who might write themselves.
pub fn may_lock(table: &Table) -> bool {
    table.owned || table.can_update
}

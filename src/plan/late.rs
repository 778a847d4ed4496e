//! Live writers: what is asked of them during a run, and how an online run settles with what they wrote.

use serde::{Deserialize, Serialize};

use crate::catalog::Table;
use crate::sql::{Ident, Literal, Name, Piece, Sql};

use super::fold::Fold;
use super::sources::Composer;
use super::{Action, Given, Move, Quiet, Step, changes};

/// Sources that hold no more rows than this together are locked against writing while they move.
const SMALL: i64 = 200_000;

/// What those who write to the sources have to expect of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Writers {
    /// Nothing, and what they write meanwhile is moved by the next run.
    #[default]
    Free,
    /// They wait while these tables move; readers do not.
    Wait(Vec<Name>),
    /// They go on but for a moment at the end, when the run settles with what they wrote.
    Online,
}

/// How an online run settles with its sources, in one transaction.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Settle {
    /// Keeps writers, not readers, off all sources at once.
    pub lock: Sql,
    pub sources: Vec<Late>,
    /// `$1` run: rows that share a key with a late one are late, too.
    pub keys: Sql,
    /// `$1` run: rows that were edited in the target are left alone.
    pub edited: Sql,
    /// `$1` run: puts back what merges wrote for late rows.
    pub merged: Option<Sql>,
    /// `$1` run: takes the late rows' lines back.
    pub back: Sql,
    /// `$1` run: who wins each contested key among the late rows.
    pub contest: Sql,
    /// `$1` run, `$2` whether rows that another takes over stay: target rows that nobody wants any more.
    pub gone: Sql,
    /// `$1` ids: takes such rows out of the target.
    pub delete: Sql,
    /// The same for rows that were there before, soft-deleted.
    pub soft_delete: Option<Sql>,
    pub quiet: Quiet,
}

/// One source of an online run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Late {
    /// The step that moved it.
    pub step: i32,
    /// `$1` run: notes the rows that are not as they were read.
    pub different: Sql,
    /// Moves the late rows as if they had not been moved.
    pub moving: Move,
}

impl Fold<'_> {
    /// Whether a row is one of the late ones; `$1` run.
    pub(super) fn late_rows(&self) -> Sql {
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
        Sql::fill(
            include_str!("../../sql/fold/late_range.sql"),
            &[("ids", &self.id_columns()), ("typed", &typed), ("source", &Literal::new(self.name()))],
        )
    }

    /// The keys of the late rows that can be evaluated; `$1` run.
    fn late_keys(&self) -> Sql {
        Sql::fill(
            "select ${key} as key from ${source} as ${alias} where ${late} and coalesce(${filter}, false) and ${sound}",
            &[
                ("key", &self.key_text()),
                ("source", &self.legacy.name),
                ("alias", &self.legacy.name.name),
                ("late", &self.late_rows()),
                ("filter", &self.source.filter),
                ("sound", &self.not_raising()),
            ],
        )
    }
}

/// Whether a row of the target is one that the run is about to make anew; over `pgfold_t`, `$1` run.
fn late_target(id: &Ident) -> Sql {
    Sql::fill(
        "pgfold_t.${id}::text in (select l.target_id from pgfold.late l where l.run = $1::bigint and l.target_id is not null)",
        &[("id", id)],
    )
}

impl Composer<'_> {
    /// Nothing, or that the target row is none that is about to be made anew.
    pub(super) fn and_not_late(&self, fold: &Fold) -> Sql {
        if self.late {
            Sql::fill(" and not (${l})", &[("l", &late_target(&fold.target.id))])
        } else {
            Sql::constant("")
        }
    }

    /// Nothing, or that the target row is none of this run's.
    pub(super) fn and_not_ours(&self, fold: &Fold) -> Sql {
        if !self.late {
            return Sql::constant("");
        }
        Sql::fill(
            "${late} and not exists (select from pgfold.crosswalk x where x.run = $1::bigint and x.outcome = 'inserted' and x.target_id = pgfold_t.${id}::text)",
            &[("late", &self.and_not_late(fold)), ("id", &fold.target.id)],
        )
    }

    /// The target's rows without those that are about to be made anew.
    pub(super) fn held_apart(&self, fold: &Fold, verdicts: super::sources::Verdicts) -> Sql {
        let held = self.held(fold, verdicts);
        if !self.late {
            return held;
        }
        Sql::fill("${held} where true${apart}", &[("held", &held), ("apart", &self.and_not_late(fold))])
    }

    /// Late rows write over what the run had made of their key, and are inserted where it had made nothing.
    pub(super) fn rewrite(&self, fold: &Fold, pieces: &[(&str, &dyn Piece)]) -> Sql {
        let own = fold.columns();
        let mut set: Vec<Sql> = (own.iter())
            .filter(|(c, _)| *c != fold.target.key && *c != fold.target.id)
            .map(|(c, _)| Sql::fill("${c} = c.${c}", &[("c", c)]))
            .collect();
        // another source may have filled more
        let mut reset: Vec<Ident> = Vec::new();
        for (column, _) in self.folds.iter().flat_map(Fold::columns) {
            if !own.iter().any(|(c, _)| *c == column) && column != fold.target.id && !reset.contains(&column) {
                set.push(Sql::fill("${c} = default", &[("c", &column)]));
                reset.push(column);
            }
        }
        let (set, late) = (Sql::join(", ", set), late_target(&fold.target.id));
        let mut all = pieces.to_vec();
        all.extend([("assignments", &set as &dyn Piece), ("late_target", &late)]);
        Sql::fill(include_str!("../../sql/fold/late_insert.sql"), &all)
    }
}

/// The whole of it; `steps` are those before.
pub(super) fn settle(given: &Given, composer: &Composer, steps: &[Step]) -> Settle {
    let folds: Vec<Fold> = composer
        .folds
        .iter()
        .map(|f| Fold {
            source: f.source,
            legacy: f.legacy,
            target: f.target,
            into: f.into,
            place: f.place,
            late: true,
        })
        .collect();
    let late = Composer { folds: &folds, late: true, ..*composer };
    let step_of = |source: &str| {
        let moved = steps.iter().find(|s| matches!(&s.action, Action::Move(m) if m.source == source));
        moved.map_or(0, |s| s.number)
    };
    let sources = folds.iter().map(|fold| {
        let step = step_of(&fold.name());
        let different = Sql::fill(
            include_str!("../../sql/fold/late.sql"),
            &[
                ("source_name", &Literal::new(fold.name())),
                ("id", &fold.id_text()),
                ("hash", &fold.source_hash()),
                ("source", &fold.legacy.name),
                ("alias", &fold.legacy.name.name),
            ],
        );
        Late { step, different, moving: late.moving(fold, step) }
    });
    let sources: Vec<Late> = sources.collect();
    let into = folds.first().map(|f| f.into);
    let target = &given.manifest.target;
    let keys = Sql::join("\n       union all\n       ", folds.iter().map(Fold::late_keys));
    let name = into.map_or_else(|| Name::of_the_server("public", "none"), |t| t.name.clone());
    let hash = into.map(|t| changes::target_hash(&Ident::of_the_server("pgfold_t"), t, &target.churn));
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
    Settle {
        lock: Sql::fill(
            "lock table ${tables} in share row exclusive mode",
            &[("tables", &Sql::join(", ", folds.iter().map(|f| f.legacy.name.clone())))],
        ),
        sources,
        keys: fill(include_str!("../../sql/fold/late_keys.sql"), &[]),
        edited: fill(
            include_str!("../../sql/fold/late_edited.sql"),
            &[("target_hash", &hash.unwrap_or_else(|| Sql::constant("null::bigint")))],
        ),
        merged: super::build::restoring(given, into).map(|restore| {
            fill(
                include_str!("../../sql/fold/late_merged.sql"),
                &[("restore", &restore), ("table_name", &Literal::new(name.plain()))],
            )
        }),
        back: Sql::constant(include_str!("../../sql/fold/late_back.sql")),
        contest: late.store_contest(),
        gone: fill(include_str!("../../sql/fold/late_gone.sql"), &[("referred", &referred)]),
        delete: fill("delete from ${target} as pgfold_t where ${of}", &[("of", &of)]),
        soft_delete,
        quiet: into.map(changes::quiet).unwrap_or_default(),
    }
}

/// Small sources are locked where we may; the application goes on writing to them online.
pub(super) fn writers(given: &Given) -> Writers {
    if given.scope.online {
        return Writers::Online;
    }
    if !given.scope.migrate {
        return Writers::Free;
    }
    let present = given.manifest.sources.iter().filter_map(|s| given.catalog.table(&s.table));
    let sources: Vec<&Table> = present.filter(|t| matches!(t.kind.as_str(), "r" | "p")).collect();
    let rows: i64 = sources.iter().map(|t| t.estimated_rows.max(t.bytes / 200).max(0)).sum();
    let may = sources.iter().all(|t| may_lock(t));
    if sources.is_empty() || rows > SMALL || !may {
        return Writers::Free;
    }
    Writers::Wait(sources.iter().map(|t| t.name.clone()).collect())
}

/// A lock against writers is given only to those who might write themselves.
pub fn may_lock(table: &Table) -> bool {
    table.owned || table.can_update
}

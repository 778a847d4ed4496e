//! Whether another row of the target holds an entry of a unique index that a row would want.

use crate::catalog::{Column, Index};
use crate::sql::{Literal, Sql};

use super::faults::{index_values, other_uniques};
use super::fold::Fold;
use super::sources::{Composer, Verdicts};

/// Types whose equality every search path finds, and an index of theirs uses.
const BUILT_IN: [&str; 11] = [
    "text",
    "character varying",
    "uuid",
    "boolean",
    "smallint",
    "integer",
    "bigint",
    "numeric",
    "date",
    "timestamp without time zone",
    "timestamp with time zone",
];

impl Composer<'_> {
    /// Which other unique index of the target holds the row's values already.
    pub(super) fn taken(&self, fold: &Fold, verdicts: Verdicts) -> Sql {
        if !self.has_target {
            return Sql::constant("null::text");
        }
        let cases: Vec<Sql> = other_uniques(fold)
            .into_iter()
            .filter(|(_, i)| i.columns.iter().flatten().all(|c| self.present.contains(c)))
            .map(|(n, index)| {
                let there = verdicts == Verdicts::Stored || self.indexes.contains(&index.name);
                let holder = match by_index(fold, n, index).filter(|_| there) {
                    Some(same) => Sql::fill(
                        "select from ${target} pgfold_t where ${same}${apart} and pgfold_t.${id}::text is distinct from t.pgfold_tid",
                        &[
                            ("target", &fold.into.name),
                            ("same", &same),
                            ("id", &fold.target.id),
                            ("apart", &self.and_not_late(fold)),
                        ],
                    ),
                    // entries are compared as their types are, which reads the whole target
                    None => Sql::fill(
                        "select from (select pgfold_t.${id}::text as id, ${values} as entry from ${target} pgfold_t where true${apart}) x \
                         where x.entry = s.pgfold_u${n} and x.id is distinct from t.pgfold_tid",
                        &[
                            ("n", &(n as i64)),
                            ("values", &index_values(index)),
                            ("target", &fold.into.name),
                            ("id", &fold.target.id),
                            ("apart", &self.and_not_late(fold)),
                        ],
                    ),
                };
                Sql::fill(
                    "case when s.pgfold_u${n} is distinct from null and exists (${holder}) then ${word} end",
                    &[
                        ("n", &(n as i64)),
                        ("holder", &holder),
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
}

/// That a row of the target has the entry of the shaped row `s`, said so that the server finds it by the index.
fn by_index(fold: &Fold, n: usize, index: &Index) -> Option<Sql> {
    let parts = plain_parts(fold, index)?;
    let one = |(i, (part, text)): (usize, (&Sql, bool))| {
        // each side may have come by a collation of its own; the index has the default one
        let collation = Sql::constant(if text { " collate pg_catalog.\"default\"" } else { "" });
        Sql::fill(
            "${part} = s.pgfold_u${n}_${i}${collation}",
            &[("part", part), ("n", &(n as i64)), ("i", &(i as i64)), ("collation", &collation)],
        )
    };
    let same = Sql::join(" and ", parts.iter().map(|(p, text)| (p, *text)).enumerate().map(one));
    Some(match &index.predicate {
        Some(inside) => {
            Sql::fill("${same} and (${inside})", &[("same", &same), ("inside", &Sql::of_the_server(inside.as_str()))])
        }
        None => same,
    })
}

/// The parts of an entry as columns of a shaped row, for indexes that rows are looked up in.
pub(super) fn parts(fold: &Fold) -> Vec<Sql> {
    let of = |(n, index): (usize, &Index)| {
        let parts = plain_parts(fold, index).unwrap_or_default();
        let one = |(i, (part, _)): (usize, (Sql, bool))| {
            Sql::fill("${p} as pgfold_u${n}_${i}", &[("p", &part), ("n", &(n as i64)), ("i", &(i as i64))])
        };
        parts.into_iter().enumerate().map(one).collect::<Vec<_>>()
    };
    other_uniques(fold).into_iter().flat_map(of).collect()
}

/// Each part, for whatever relation is in scope, and whether it is a text; none where one is more than a column of a
/// built-in type in lower or upper case.
fn plain_parts(fold: &Fold, index: &Index) -> Option<Vec<(Sql, bool)>> {
    if index.nulls_not_distinct {
        return None;
    }
    let plain =
        |column: &Column| BUILT_IN.contains(&column.base_type.as_str()) && !column.own_collation && !column.generated;
    let one = |(part, column): (&String, &Option<String>)| {
        let column = match column {
            Some(column) => fold.into.column(column)?,
            None => {
                let inner = ["lower(", "upper("].iter().find_map(|f| part.strip_prefix(f))?.strip_suffix(')')?;
                let inner = inner.strip_prefix('(').and_then(|i| i.strip_suffix(")::text")).unwrap_or(inner);
                fold.into.columns.iter().find(|c| c.name == inner)?
            }
        };
        let text = matches!(column.base_type.as_str(), "text" | "character varying");
        plain(column).then(|| (Sql::of_the_server(format!("({part})")), text))
    };
    index.parts.iter().zip(&index.columns).map(one).collect()
}

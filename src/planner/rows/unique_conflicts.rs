//! Whether another row of the target holds an entry of a unique index that a row would want: asked through that index.

use crate::catalog::Index;
use crate::planner::rows::classify::{Classifier, ConflictSource, TARGET_ALIAS};
use crate::planner::rows::source_query::SourceQuery;
use crate::planner::rows::violations::{collated_part, index_values, other_uniques};
use crate::sql::{Ident, Literal, Sql};

/// Parts of one index that may be null and are each looked up in a way of their own; of further ones both ways at once.
const APART: usize = 4;

impl Classifier<'_> {
    /// Which other unique index of the target holds the row's values already.
    pub(in crate::planner) fn unique_conflict(&self, fold: &SourceQuery, verdicts: ConflictSource) -> Sql {
        if !self.has_target {
            return Sql::constant("null::text");
        }
        let cases: Vec<Sql> = self
            .askable(fold)
            .map(|(n, index)| {
                let holder = if self.is_there(index, verdicts) {
                    let more = Sql::fill(
                        "${apart} and ${id} is distinct from t.pgfold_tid",
                        &[("apart", &self.and_not_rewritten(fold)), ("id", &fold.target_id_text(TARGET_ALIAS))],
                    );
                    held_entry(fold, n, index, "s", &more)
                } else {
                    Sql::fill(
                        "(pgfold_k${n}.lo is not null and (pgfold_k${n}.lo is distinct from t.pgfold_tid or pgfold_k${n}.hi is distinct from t.pgfold_tid))",
                        &[("n", &(n as i64))],
                    )
                };
                Sql::fill(
                    "case when s.pgfold_u${n} is distinct from null and ${holder} then ${word} end",
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

    /// Who holds which entry of the indexes that are still to come, each joined as a whole: there is nothing to look it up by.
    pub(super) fn taken_joins(&self, fold: &SourceQuery, verdicts: ConflictSource) -> Sql {
        let joins =
            self.askable(fold).filter(|(_, i)| self.has_target && !self.is_there(i, verdicts)).map(|(n, index)| {
                Sql::fill(
                    include_str!("../../../sql/rows/batch/entries.sql"),
                    &[
                        ("n", &(n as i64)),
                        ("values", &index_values(index)),
                        ("target", &fold.into.name),
                        ("id", &fold.target_id_text(TARGET_ALIAS)),
                        ("apart", &self.and_not_rewritten(fold)),
                    ],
                )
            });
        Sql::join("", joins)
    }

    fn askable<'f>(&self, fold: &'f SourceQuery) -> impl Iterator<Item = (usize, &'f Index)> {
        let all = other_uniques(fold).into_iter();
        all.filter(|(_, i)| i.columns.iter().flatten().all(|c| self.present.contains(c)))
    }

    pub(super) fn is_there(&self, index: &Index, verdicts: ConflictSource) -> bool {
        verdicts == ConflictSource::Stored || self.indexes.contains(&index.name)
    }
}

/// Whether a row of the target, besides `more`, has the entry of the shaped row `of`; said so that the server finds it
/// by the index.
pub(super) fn held_entry(fold: &SourceQuery, n: usize, index: &Index, of: &'static str, more: &Sql) -> Sql {
    let mut conditions = Vec::new();
    if let Some(inside) = &index.predicate {
        conditions.push(Sql::fill("(${i})", &[("i", &Sql::of_the_server(inside.as_str()))]));
    }
    let lookup = Lookup { fold, n, index, of: Ident::of_the_server(of), more };
    lookup.of_part(0, conditions, 0)
}

struct Lookup<'a> {
    fold: &'a SourceQuery<'a>,
    n: usize,
    index: &'a Index,
    of: Ident,
    more: &'a Sql,
}

impl Lookup<'_> {
    /// The rest of the parts from this one on; `conditions` are those of the parts before.
    fn of_part(&self, i: usize, conditions: Vec<Sql>, apart: usize) -> Sql {
        if i == self.index.parts.len() {
            return Sql::fill(
                "exists (select from ${target} pgfold_t where ${conditions}${more})",
                &[
                    ("target", &self.fold.into.name),
                    ("conditions", &Sql::join(" and ", conditions)),
                    ("more", self.more),
                ],
            );
        }
        let part = Sql::of_the_server(format!("({})", self.index.parts[i]));
        let wanted =
            Sql::fill("${of}.pgfold_u${n}_${i}", &[("of", &self.of), ("n", &(self.n as i64)), ("i", &(i as i64))]);
        let equal = self.equal(i, &part, &wanted);
        let with = |condition: Sql| conditions.iter().cloned().chain([condition]).collect::<Vec<_>>();
        if !self.index.nulls_not_distinct || self.never_null(i) {
            return self.of_part(i + 1, with(equal), apart);
        }
        let null = Sql::fill("${p} is null", &[("p", &part)]);
        if apart == APART {
            let either =
                Sql::fill("(${e} or ${null} and ${w} is null)", &[("e", &equal), ("null", &null), ("w", &wanted)]);
            return self.of_part(i + 1, with(either), apart);
        }
        let pieces: [(&str, &dyn crate::sql::Piece); 3] = [
            ("w", &wanted),
            ("null", &self.of_part(i + 1, with(null), apart + 1)),
            ("equal", &self.of_part(i + 1, with(equal), apart + 1)),
        ];
        Sql::fill("case when ${w} is null then ${null} else ${equal} end", &pieces)
    }

    /// By the operator and the collation of the index: another of either, and it would not be used.
    fn equal(&self, i: usize, part: &Sql, wanted: &Sql) -> Sql {
        let operator = operator(self.fold, self.index, i);
        let pieces: [(&str, &dyn crate::sql::Piece); 3] = [
            ("part", part),
            ("operator", &Sql::of_the_server(operator)),
            ("wanted", &collated_part(self.index, i, wanted.clone())),
        ];
        Sql::fill("${part} ${operator} ${wanted}", &pieces)
    }

    fn never_null(&self, i: usize) -> bool {
        let column = self.index.columns.get(i).cloned().flatten();
        column.and_then(|c| self.fold.into.column(&c)).is_some_and(|c| c.not_null)
    }
}

/// The equality of a key part; that of an index still to come is its column's.
fn operator(fold: &SourceQuery, index: &Index, i: usize) -> String {
    let own = index.key_parts.get(i).and_then(|p| p.operator.clone());
    let column = || index.columns.get(i).cloned().flatten().and_then(|c| fold.into.column(&c));
    own.or_else(|| column().and_then(|c| c.equality.clone())).unwrap_or_else(|| "=".to_owned())
}

/// The parts of an entry as columns of a shaped row.
pub(in crate::planner) fn parts(fold: &SourceQuery) -> Vec<Sql> {
    let of = |(n, index): (usize, &Index)| {
        let one = |(i, part): (usize, &String)| {
            Sql::fill(
                "(${p}) as pgfold_u${n}_${i}",
                &[("p", &Sql::of_the_server(part.as_str())), ("n", &(n as i64)), ("i", &(i as i64))],
            )
        };
        index.parts.iter().enumerate().map(one).collect::<Vec<_>>()
    };
    other_uniques(fold).into_iter().flat_map(of).collect()
}

//! Where rows that share a key differ: with the row that the target holds, and with the winner, of whatever source.

use crate::planner::rows::classify::{Classifier, TARGET_ALIAS};
use crate::planner::rows::diff_columns::DiffColumns;
use crate::planner::rows::source_query::SourceQuery;
use crate::sql::{Ident, Literal, Piece, Sql};

/// How the classified rows are at hand: narrow, to be shaped once more, or whole.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::planner) enum DiffAgainst {
    Narrow,
    Whole,
}

impl Classifier<'_> {
    /// Each row that differs from what holds its key, over the classified rows `pgfold_c`.
    pub(in crate::planner) fn apart(&self, fold: &SourceQuery, kept: DiffAgainst, masked: bool) -> Sql {
        let mut parts = Vec::new();
        if self.has_target {
            let sides = DiffColumns::new(fold, &fold.into.columns, |c| self.present.iter().any(|p| p == c));
            let held = Pair { fold, kept, holder: TARGET_ALIAS, masked };
            parts.push(held.fill(include_str!("../../../sql/rows/preview/differences_target.sql"), &sides, &[]));
        }
        let own = DiffColumns::new(fold, &fold.into.columns, |_| true);
        let winner = match kept {
            DiffAgainst::Narrow => Sql::fill(
                "pgfold_c pgfold_l on pgfold_l.pgfold_id = pgfold_k.pgfold_winner cross join lateral (${s}) pgfold_w",
                &[("s", &fold.shaped_among(&fold.is_row("pgfold_l"), &[]))],
            ),
            DiffAgainst::Whole => Sql::constant("pgfold_c pgfold_w on pgfold_w.pgfold_id = pgfold_k.pgfold_winner"),
        };
        let pair = Pair { fold, kept, holder: "pgfold_w", masked };
        let template = include_str!("../../../sql/rows/preview/differences_winner.sql");
        let from = Literal::new(fold.name());
        parts.push(pair.fill(template, &own, &[("winner", &winner), ("winner_source", &from)]));
        for other in self.folds.iter().filter(|o| o.place != fold.place) {
            let from = Literal::new(other.name());
            let won = Sql::fill(
                "${id} in (select pgfold_o.pgfold_winner from pgfold_c pgfold_o \
                 where pgfold_o.pgfold_outcome = 'duplicate_in_source' and pgfold_o.pgfold_winner_source = ${from})",
                &[("id", &other.id_text()), ("from", &from)],
            );
            let winner = Sql::fill(
                "(${s}) pgfold_w on pgfold_w.pgfold_id = pgfold_k.pgfold_winner",
                &[("s", &other.shaped_among(&won, &[]))],
            );
            let sides = DiffColumns::between(fold, other);
            parts.push(pair.fill(template, &sides, &[("winner", &winner), ("winner_source", &from)]));
        }
        Sql::join("\n    union all\n", parts)
    }
}

/// One side of the classified rows of a source, and who holds their keys.
struct Pair<'a> {
    fold: &'a SourceQuery<'a>,
    kept: DiffAgainst,
    holder: &'static str,
    masked: bool,
}

impl Pair<'_> {
    fn fill(&self, template: &'static str, sides: &DiffColumns, more: &[(&str, &dyn Piece)]) -> Sql {
        // whole rows are compared as they stand, narrow ones are shaped once more
        let (ours, again) = match self.kept {
            DiffAgainst::Whole => ("pgfold_k", Sql::constant("")),
            DiffAgainst::Narrow => (
                "c",
                Sql::fill(
                    "cross join lateral (${s}) c",
                    &[("s", &self.fold.shaped_among(&self.fold.is_row("pgfold_k"), &[]))],
                ),
            ),
        };
        let (there, incoming) = sides.both(self.holder, ours, self.masked);
        let (bare_there, bare_incoming) = sides.both(self.holder, ours, false);
        let pieces: [(&str, &dyn Piece); 7] = [
            ("there", &there),
            ("incoming", &incoming),
            ("bare_there", &bare_there),
            ("bare_incoming", &bare_incoming),
            ("again", &again),
            ("target", &self.fold.into.name),
            ("target_id", &self.fold.target_id_text("pgfold_t")),
        ];
        let all: Vec<(&str, &dyn Piece)> = pieces.iter().chain(more).copied().collect();
        Sql::fill(template, &all)
    }
}

impl SourceQuery<'_> {
    /// The one row that a classified row of this alias was.
    pub(in crate::planner) fn is_row(&self, of: &'static str) -> Sql {
        let alias = &self.legacy.name.name;
        let of = Ident::of_the_server(of);
        let one = |(i, c): (usize, &Ident)| {
            Sql::fill("${a}.${c} = ${of}.pgfold_i${i}", &[("a", alias), ("c", c), ("of", &of), ("i", &(i as i64))])
        };
        Sql::join(" and ", self.source.id.iter().enumerate().map(one))
    }
}

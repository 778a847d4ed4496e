//! The classifier for reading only: the dry run's statements.

use crate::sql::{Literal, Piece, Sql};

use super::Look;
use super::fold::Fold;
use super::sides::Sides;
use super::sources::{Composer, TARGET_ALIAS, Verdicts};

const COUNTS: &str = include_str!("../../sql/fold/look_counts.sql");
const ROWS: &str = include_str!("../../sql/fold/look_rows.sql");
const FAULTS: &str = include_str!("../../sql/fold/look_faults.sql");

impl Composer<'_> {
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
        let sides = Sides::new(fold, self.present);
        let (id, range, forced) = (fold.id_text(), fold.range(), fold.forced("c"));
        let fill = |template: &'static str, masked: bool, more: &[(&str, &dyn Piece)]| {
            let (theirs, ours) = sides.both(TARGET_ALIAS, "c", masked);
            let (winners, ours_of_winner) = sides.both("pgfold_w", "c", masked);
            let (bare_theirs, bare_ours) = sides.both(TARGET_ALIAS, "c", false);
            let (bare_winners, _) = sides.both("pgfold_w", "c", false);
            let pieces: [(&str, &dyn Piece); 16] = [
                ("source", &fold.legacy.name),
                ("alias", &fold.legacy.name.name),
                ("range", &range),
                ("filter", &fold.source.filter),
                ("id", &id),
                ("ours", &ours),
                ("theirs", &theirs),
                ("winners", &winners),
                ("ours_of_winner", &ours_of_winner),
                ("bare_theirs", &bare_theirs),
                ("bare_ours", &bare_ours),
                ("bare_winners", &bare_winners),
                ("source_name", &Literal::new(fold.name())),
                ("target", &fold.into.name),
                ("target_id", &fold.target.id),
                (
                    "ids",
                    &Sql::join(
                        ", ",
                        (0..fold.source.id.len()).map(|i| Sql::fill("c.pgfold_i${i}", &[("i", &(i as i64))])),
                    ),
                ),
            ];
            let all: Vec<(&str, &dyn Piece)> = pieces.iter().chain(more).copied().collect();
            Sql::fill(template, &all)
        };
        let whole = |template: &'static str, masked: bool| {
            fill(template, masked, &[("contest", &contest), ("classified", &classified), ("forced", &forced)])
        };
        // once classified, every question is about the same rows
        let nothing = Sql::constant("");
        let known = Sql::constant("select * from pgfold_c");
        let counted = Sql::constant("c.pgfold_forced");
        let part = |template: &'static str| {
            fill(template, true, &[("contest", &nothing), ("classified", &known), ("forced", &counted)])
        };
        let told = |masked: bool| {
            let apart = match self.has_target {
                true => fill(
                    include_str!("../../sql/fold/look_told_apart.sql"),
                    masked,
                    &[
                        ("shaped", &fold.shaped(&fold.is_row("pgfold_k"))),
                        ("shaped_winner", &fold.shaped(&fold.is_row("pgfold_l"))),
                    ],
                ),
                false => Sql::constant(""),
            };
            let more: [(&str, &dyn Piece); 7] = [
                ("contest", &contest),
                ("classified", &classified),
                ("forced", &forced),
                ("groups", &part(COUNTS)),
                ("rows", &part(ROWS)),
                ("faults", &part(FAULTS)),
                ("differences", &apart),
            ];
            fill(include_str!("../../sql/fold/look_told.sql"), masked, &more)
        };
        let differences = include_str!("../../sql/fold/look_differences.sql");
        let apart = |masked: bool| if self.has_target { whole(differences, masked) } else { Sql::constant("") };
        Look {
            counts: whole(COUNTS, true),
            told: told(true),
            told_revealed: told(false),
            rows: whole(ROWS, true),
            differences: apart(true),
            revealed: apart(false),
            faults: whole(FAULTS, true),
            evaluate: Sql::fill(
                include_str!("../../sql/fold/evaluate.sql"),
                &[("shaped", &fold.shaped(&restrict)), ("forced", &fold.forced("q"))],
            ),
            halve: self.halve(fold),
        }
    }
}

impl Fold<'_> {
    /// The one row that a classified row of this alias was.
    fn is_row(&self, of: &'static str) -> Sql {
        let alias = &self.legacy.name.name;
        let of = crate::sql::Ident::of_the_server(of);
        let one = |(i, c): (usize, &crate::sql::Ident)| {
            Sql::fill("${a}.${c} = ${of}.pgfold_i${i}", &[("a", alias), ("c", c), ("of", &of), ("i", &(i as i64))])
        };
        Sql::join(" and ", self.source.id.iter().enumerate().map(one))
    }
}

//! The classifier for reading only: the dry run's statements.

use crate::sql::{Literal, Sql};

use super::Look;
use super::fold::Fold;
use super::sides::Sides;
use super::sources::{Composer, TARGET_ALIAS, Verdicts};

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
        let (id, range) = (fold.id_text(), fold.range());
        let fill = |template: &'static str, masked: bool| {
            let (theirs, ours) = sides.both(TARGET_ALIAS, "c", masked);
            let (winners, ours_of_winner) = sides.both("pgfold_w", "c", masked);
            let (bare_theirs, bare_ours) = sides.both(TARGET_ALIAS, "c", false);
            let (bare_winners, _) = sides.both("pgfold_w", "c", false);
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
                    ("winners", &winners),
                    ("ours_of_winner", &ours_of_winner),
                    ("bare_theirs", &bare_theirs),
                    ("bare_ours", &bare_ours),
                    ("bare_winners", &bare_winners),
                    ("source_name", &Literal::new(fold.name())),
                    ("target", &fold.into.name),
                    ("target_id", &fold.target.id),
                ],
            )
        };
        let differences = include_str!("../../sql/fold/look_differences.sql");
        let nothing = || Sql::constant("");
        Look {
            counts: fill(include_str!("../../sql/fold/look_counts.sql"), true),
            rows: fill(include_str!("../../sql/fold/look_rows.sql"), true),
            differences: if self.has_target { fill(differences, true) } else { nothing() },
            revealed: if self.has_target { fill(differences, false) } else { nothing() },
            faults: fill(include_str!("../../sql/fold/look_faults.sql"), true),
            evaluate: Sql::fill(include_str!("../../sql/fold/evaluate.sql"), &[("shaped", &fold.shaped(&restrict))]),
            halve: self.halve(fold),
        }
    }
}

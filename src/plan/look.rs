//! The classifier for reading only: the dry run's statements.

use crate::sql::{Ident, Literal, Sql};

use super::Look;
use super::fold::Fold;
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
}

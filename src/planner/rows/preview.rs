//! The classifier for reading only: the dry run's statements.

use crate::plan::PreviewQueries;
use crate::planner::rows::classify::{Classifier, ConflictSource};
use crate::planner::rows::differences::DiffAgainst;
use crate::planner::rows::source_query::SourceQuery;
use crate::sql::{Literal, Piece, Sql};

const COUNTS: &str = include_str!("../../../sql/rows/preview/preview_counts.sql");
const ROWS: &str = include_str!("../../../sql/rows/preview/preview_rows.sql");
const FAULTS: &str = include_str!("../../../sql/rows/preview/preview_violations.sql");

impl Classifier<'_> {
    pub fn look(&self, fold: &SourceQuery) -> PreviewQueries {
        let leave_out = |f: &SourceQuery| {
            Sql::fill(
                "(cardinality($4::text[]) = 0 or not ((${source} || ' ' || ${id}) = any ($4::text[])))",
                &[("source", &Literal::new(f.name())), ("id", &f.id_text())],
            )
        };
        let contest = Sql::fill(
            "with pgfold_contest as materialized (${contest})",
            &[("contest", &self.key_conflicts(leave_out, ConflictSource::Computed))],
        );
        let restrict = Sql::fill("${range} and ${out}", &[("range", &fold.range()), ("out", &leave_out(fold))]);
        let classified = self.classified(fold, &restrict, &leave_out(fold), ConflictSource::Computed);
        let (id, range, forced) = (fold.id_text(), fold.range(), fold.evaluate_all("c"));
        let filter = fold.filter_in_own_zone();
        let ids = (0..fold.source.id.len()).map(|i| Sql::fill("c.pgfold_i${i}", &[("i", &(i as i64))]));
        let ids = Sql::join(", ", ids);
        let fill = |template: &'static str, more: &[(&str, &dyn Piece)]| {
            let pieces: [(&str, &dyn Piece); 6] = [
                ("source", &fold.legacy.name),
                ("alias", &fold.legacy.name.name),
                ("range", &range),
                ("filter", &filter),
                ("id", &id),
                ("ids", &ids),
            ];
            let all: Vec<(&str, &dyn Piece)> = pieces.iter().chain(more).copied().collect();
            Sql::fill(template, &all)
        };
        let whole = |template: &'static str| {
            fill(template, &[("contest", &contest), ("classified", &classified), ("forced", &forced)])
        };
        // once classified, every question is about the same rows
        let nothing = Sql::constant("");
        let known = Sql::constant("select * from pgfold_c");
        let counted = Sql::constant("c.pgfold_forced");
        let part = |template: &'static str| {
            fill(template, &[("contest", &nothing), ("classified", &known), ("forced", &counted)])
        };
        let told = |masked: bool| {
            let apart = self.apart(fold, DiffAgainst::Narrow, masked);
            let apart =
                Sql::fill(include_str!("../../../sql/rows/preview/preview_page_differences.sql"), &[("apart", &apart)]);
            let more: [(&str, &dyn Piece); 7] = [
                ("contest", &contest),
                ("classified", &classified),
                ("forced", &forced),
                ("groups", &part(COUNTS)),
                ("rows", &part(ROWS)),
                ("faults", &part(FAULTS)),
                ("differences", &apart),
            ];
            fill(include_str!("../../../sql/rows/preview/preview_page.sql"), &more)
        };
        let apart = |masked: bool| {
            let apart = self.apart(fold, DiffAgainst::Whole, masked);
            Sql::fill(
                include_str!("../../../sql/rows/preview/preview_differences.sql"),
                &[("contest", &contest), ("classified", &classified), ("apart", &apart)],
            )
        };
        // entries that come back to life are compared as rows, which only a merge or a loop can do
        let settings = if self.before.undone.is_empty() {
            include_str!("../../../sql/rows/preview/preview_settings.sql")
        } else {
            ""
        };
        PreviewQueries {
            settings: Sql::constant(settings),
            counts: whole(COUNTS),
            told: told(true),
            told_revealed: told(false),
            rows: whole(ROWS),
            differences: apart(true),
            revealed: apart(false),
            faults: whole(FAULTS),
            evaluate: Sql::fill(
                include_str!("../../../sql/rows/preview/evaluate.sql"),
                &[("shaped", &fold.shaped(&restrict, &[])), ("forced", &fold.evaluate_all("q"))],
            ),
            halve: self.halve(fold),
        }
    }
}

//! What the target holds where a merge fills only its gaps, and what would be wrong with the result.

use crate::catalog::Column;
use crate::manifest::OnDuplicate;
use crate::planner::rows::classify::{Classifier, ConflictSource};
use crate::planner::rows::source_query::SourceQuery;
use crate::planner::rows::violations;
use crate::sql::{Ident, Literal, Sql};

impl Classifier<'_> {
    /// A column of the row that holds the key; one still to come holds its default.
    pub(in crate::planner) fn there(&self, fold: &SourceQuery, column: &Ident, verdicts: ConflictSource) -> Sql {
        if self.has_target && (verdicts == ConflictSource::Stored || self.present.iter().any(|p| p == column.raw())) {
            return Sql::fill("t.${c}", &[("c", column)]);
        }
        let coming = fold.into.column(column.raw());
        match coming {
            // whatever it will be, it is no gap
            Some(c) if c.volatile_default || !c.identity.is_empty() => Sql::fill("s.${c}", &[("c", column)]),
            _ => {
                let default = coming.and_then(|c| c.default.clone()).unwrap_or_else(|| "null".to_owned());
                let type_name = coming.map_or("text", Column::uncut_type);
                Sql::fill("(${v})::${t}", &[("v", &Sql::of_the_server(default)), ("t", &Sql::of_the_server(type_name))])
            }
        }
    }

    /// The sources whose best row of a key fills gaps; none is a word that no source has.
    pub(in crate::planner) fn merging(&self) -> Sql {
        let all = self.folds.iter().filter(|f| f.source.on_duplicate == OnDuplicate::Merge);
        let names: Vec<Literal> = all.map(|f| Literal::new(f.name())).collect();
        if names.is_empty() { Sql::constant("null") } else { Sql::join(", ", names) }
    }

    /// The faults that the row of the target would have once its gaps are filled.
    pub(in crate::planner) fn merged_faults(&self, fold: &SourceQuery, verdicts: ConflictSource) -> Sql {
        if fold.source.on_duplicate != OnDuplicate::Merge {
            return Sql::constant("'{}'::text[]");
        }
        let filled = fold.columns().into_iter().map(|(c, _)| {
            if c == fold.target.key {
                return Sql::fill("s.${r} as ${r}", &[("r", &fold.raw(&c))]);
            }
            let pieces: [(&str, &dyn crate::sql::Piece); 2] =
                [("r", &fold.raw(&c)), ("there", &self.there(fold, &c, verdicts))];
            Sql::fill("coalesce(${there}, s.${r}) as ${r}", &pieces)
        });
        let untouched = fold
            .left_out()
            .into_iter()
            .map(|(c, ..)| Sql::fill("${there} as ${c}", &[("c", &c), ("there", &self.there(fold, &c, verdicts))]));
        let parents =
            (0..fold.self_references().len()).map(|n| Sql::fill("s.${a} as ${a}", &[("a", &SourceQuery::arrives(n))]));
        let untouched = untouched.chain(parents);
        let filled = Sql::fill(
            "select ${all}, null::text[] as pgfold_unmapped, s.pgfold_cut as pgfold_cut",
            &[("all", &Sql::join(", ", filled.chain(untouched)))],
        );
        Sql::fill(
            "case when t.pgfold_tid is null then '{}' else (select ${faults} from (${filled}) q) end",
            &[("faults", &violations::faults(fold, fold.is_tree())), ("filled", &fold.stored(filled))],
        )
    }
}

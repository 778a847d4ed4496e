//! Ids that target rows had before a rollback took them away, and that their legacy rows get again.

use crate::planner::rows::classify::Classifier;
use crate::planner::rows::source_query::SourceQuery;
use crate::sql::{Literal, Sql};

const NO_GONE: &str =
    "select null::text as id, null::text as target_id, null::text as key_then, false as there where false";

impl Classifier<'_> {
    /// Rows that were taken back and whose target ids are used again.
    pub(in crate::planner) fn gone(&self, fold: &SourceQuery) -> Sql {
        if self.before.undone.is_empty() {
            return Sql::constant(NO_GONE);
        }
        // a list must not be empty
        let standing = Self::runs(if self.before.standing.is_empty() { &[0] } else { &self.before.standing });
        Sql::fill(
            include_str!("../../../sql/rows/batch/gone.sql"),
            &[
                ("undone", &Self::runs(&self.before.undone)),
                ("standing", &standing),
                ("source", &Literal::new(fold.name())),
                ("free", &self.not_given_away(fold)),
                ("there", &self.still_there(fold)),
                ("newest", &self.not_taken_over(&standing)),
            ],
        )
    }

    /// Nothing, or that no later run gave the id to another legacy row.
    fn not_taken_over(&self, standing: &Sql) -> Sql {
        if self.before.undone.len() + self.before.standing.len() < 2 {
            return Sql::constant("");
        }
        Sql::fill(
            " and not exists (select from pgfold.crosswalk y where (y.run in (${undone}) or y.run in (${standing}) and y.undone) and y.run > x.run \
             and y.outcome = 'inserted' and y.target_id = x.target_id and (y.source, y.id) is distinct from (x.source, x.id))",
            &[("undone", &Self::runs(&self.before.undone)), ("standing", standing)],
        )
    }

    /// The join of a shaped row with the target id that it had before. While a row of its key of then still has the id,
    /// only a row that has this key still can have it.
    pub(in crate::planner) fn join_gone(&self, fold: &SourceQuery, shaped: &'static str) -> Sql {
        Sql::fill(
            "left join (${g}) g on g.id = ${s}.pgfold_id and (not g.there or g.key_then is not distinct from ${s}.pgfold_key collate pg_catalog.\"C\")",
            &[("g", &self.gone(fold)), ("s", &Sql::constant(shaped))],
        )
    }

    /// Whether a row of the target has the id.
    fn still_there(&self, fold: &SourceQuery) -> Sql {
        if !self.has_target {
            return Sql::constant("false");
        }
        let type_name = fold.into.column(fold.target.id.raw()).map_or("text", |c| c.uncut_type());
        Sql::fill(
            "exists (select from ${target} pgfold_o where pgfold_o.${id} = x.target_id::${t})",
            &[("target", &fold.into.name), ("id", &fold.target.id), ("t", &Sql::of_the_server(type_name))],
        )
    }

    /// Nothing, or that no other row of the target has the id by now.
    fn not_given_away(&self, fold: &SourceQuery) -> Sql {
        if !self.has_target {
            return Sql::constant("");
        }
        let type_name = fold.into.column(fold.target.id.raw()).map_or("text", |c| c.uncut_type());
        let other = if self.has_key {
            Sql::fill("${key} is distinct from x.key", &[("key", &fold.target_key_text("pgfold_o"))])
        } else {
            Sql::constant("true")
        };
        Sql::fill(
            " and not exists (select from ${target} pgfold_o where pgfold_o.${id} = x.target_id::${t} and ${other})",
            &[
                ("target", &fold.into.name),
                ("id", &fold.target.id),
                ("t", &Sql::of_the_server(type_name)),
                ("other", &other),
            ],
        )
    }
}

//! PartialRun runs: which legacy rows a run takes, and what it does about rows that changed since an earlier one.

use crate::plan::{PartialRun, UpTo};
use crate::planner::input::PlanInput;
use crate::planner::rows::classify::Classifier;
use crate::planner::rows::source_query::SourceQuery;
use crate::planner::rows::write;
use crate::sql::{Ident, Literal, Piece, Sql};

impl PartialRun {
    /// Whether a row is taken, over the alias `j` of a shaped row.
    pub(in crate::planner) fn takes(&self, fold: &SourceQuery) -> Sql {
        let name = fold.name();
        if self.leaves_out(&name) {
            return Sql::constant("false");
        }
        let mut all = vec![Sql::constant("true")];
        if !self.keys.is_empty() {
            let keys = Sql::join(", ", self.keys.iter().map(|k| Literal::new(k.as_str())));
            all.push(Sql::fill("j.pgfold_key = any (array[${keys}]::text[])", &[("keys", &keys)]));
        }
        if let Some(UpTo::Id(id)) = self.upto.as_ref().and_then(|u| u.get(&name)) {
            let own = (0..id.len()).map(|i| Sql::fill("j.pgfold_i${i}", &[("i", &(i as i64))]));
            let end = fold.source.id.iter().zip(id).map(|(column, value)| {
                let type_name = fold.legacy.column(column.raw()).map_or("text", |c| c.uncut_type());
                Sql::fill("${v}::${t}", &[("v", &Literal::new(value.as_str())), ("t", &Sql::of_the_server(type_name))])
            });
            all.push(Sql::fill(
                "(${own}) <= (${end})",
                &[("own", &Sql::join(", ", own)), ("end", &Sql::join(", ", end))],
            ));
        }
        Sql::join(" and ", all)
    }
}

/// Per source: `$1` how many more rows are wanted; how many of them there are, and the id of the last one.
pub fn next_rows(given: &PlanInput) -> Vec<(String, Option<String>, Sql)> {
    let Some(into) = given.target_after() else { return Vec::new() };
    let one = |fold: &SourceQuery| {
        let name = Literal::new(fold.name());
        let known = if given.before.standing.is_empty() {
            Sql::constant("true")
        } else {
            Sql::fill(
                include_str!("../../../sql/rows/batch/unknown.sql"),
                &[
                    ("runs", &Classifier::runs(&given.before.standing)),
                    ("source_name", &name),
                    ("id", &fold.id_text()),
                    ("hash", &fold.source_hash_of(&Sql::constant("x.run"))),
                ],
            )
        };
        let sql = Sql::fill(
            include_str!("../../../sql/rows/batch/next_rows.sql"),
            &[
                ("ids", &fold.id_array()),
                ("columns", &fold.id_columns()),
                ("source", &fold.legacy.name),
                ("alias", &fold.legacy.name.name),
                ("unknown", &known),
            ],
        );
        (fold.name(), fold.source.timezone.clone(), sql)
    };
    given.source_queries(&into).iter().map(one).collect()
}

/// Per source: `$1` keys; those of them that one of its rows has.
pub fn known_keys(given: &PlanInput) -> Vec<(String, Option<String>, Sql)> {
    let Some(into) = given.target_after() else { return Vec::new() };
    let one = |fold: &SourceQuery| {
        let sql = Sql::fill(
            "select distinct ${key} as key from ${source} as ${alias} where coalesce(${filter}, false) and ${key} = any ($1::text[])",
            &[
                ("key", &fold.key_text()),
                ("source", &fold.legacy.name),
                ("alias", &fold.legacy.name.name),
                ("filter", &fold.source.filter),
            ],
        );
        (fold.name(), fold.source.timezone.clone(), sql)
    };
    given.source_queries(&into).iter().map(one).collect()
}

impl Classifier<'_> {
    /// Whether the row takes over the target row that an earlier run made of it, over `st`, `t` and `s`.
    pub(in crate::planner) fn takes_over(&self, fold: &SourceQuery) -> Sql {
        if !self.part.changed || self.before.standing.is_empty() {
            return Sql::constant("false");
        }
        Sql::fill(
            "(st.whole and t.pgfold_tid = st.target_id and st.source_hash <> ${source} and t.pgfold_live \
             and ${target} = st.target_hash) is true",
            &[("source", &fold.shaped_hash_of_standing()), ("target", &self.held_hash_of_standing(fold))],
        )
    }

    /// The hash of the target's row, where it is asked for.
    pub(in crate::planner) fn held_hash(&self, fold: &SourceQuery) -> Sql {
        if !self.part.changed {
            return Sql::constant("null::bigint");
        }
        write::target_hash(
            &Ident::of_the_server(crate::planner::rows::classify::TARGET_ALIAS),
            fold.into,
            &fold.target.ignore_changes,
        )
    }

    /// Further hashes of it, over the columns that earlier runs hashed.
    pub(in crate::planner) fn held_then(&self, fold: &SourceQuery) -> Sql {
        if self.part.changed { fold.held_then() } else { Sql::constant("") }
    }

    /// The one that compares with the hash of the standing row `st`.
    pub(in crate::planner) fn held_hash_of_standing(&self, fold: &SourceQuery) -> Sql {
        if self.part.changed { fold.held_hash_of_standing() } else { Sql::constant("t.pgfold_thash") }
    }

    /// Writes the rows that changed over what an earlier run made of them, with their before-images.
    pub(in crate::planner) fn take_over(&self, fold: &SourceQuery, step: i32, common: &[(&str, &dyn Piece)]) -> Sql {
        let columns: Vec<Ident> =
            fold.columns().into_iter().map(|(c, _)| c).filter(|c| *c != fold.target.key && !fold.churns(c)).collect();
        let set = columns.iter().map(|c| Sql::fill("${c} = c.${c}", &[("c", c)]));
        let (step, name) = (i64::from(step), Literal::new(fold.into.name.plain()));
        let (set, image) = (Sql::join(", ", set), write::image(fold.into, &columns));
        let hash_then = fold.target_hash_of(&Sql::constant("c.pgfold_standing_run"));
        let mut pieces = common.to_vec();
        pieces.extend([
            ("hash_then", &hash_then as &dyn Piece),
            ("assignments", &set),
            ("image", &image),
            ("step", &step),
            ("target_name", &name),
        ]);
        Sql::fill(include_str!("../../../sql/rows/batch/take_over.sql"), &pieces)
    }
}

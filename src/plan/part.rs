//! Part runs: which legacy rows a run takes, and what it does about rows that changed since an earlier one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::sql::{Ident, Literal, Piece, Sql};

use super::fold::Fold;
use super::sources::Composer;
use super::{Given, changes};

/// Which legacy rows a run takes; those that it leaves out are `pending`. The default takes all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Sources as the manifest names them; none named are all.
    pub sources: Vec<String>,
    /// Keys as the target holds them; none named are all.
    pub keys: Vec<String>,
    /// How far each source is taken, where only so many rows are wanted.
    pub upto: Option<BTreeMap<String, Upto>>,
    /// Rows that changed since the run that moved them take its target rows over.
    pub changed: bool,
}

/// How far a source is taken, in the order of its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Upto {
    Nothing,
    Id(Vec<String>),
    End,
}

impl Part {
    /// Whether no row is left out.
    pub fn whole(&self) -> bool {
        self.sources.is_empty() && self.keys.is_empty() && self.upto.is_none()
    }

    /// Whether a source is left out with all its rows.
    pub fn leaves_out(&self, source: &str) -> bool {
        let named = self.sources.is_empty() || self.sources.iter().any(|s| s == source);
        let reached = self.upto.as_ref().and_then(|u| u.get(source)) != Some(&Upto::Nothing);
        !(named && reached)
    }

    /// Whether a row is taken, over the alias `j` of a shaped row.
    pub(super) fn takes(&self, fold: &Fold) -> Sql {
        let name = fold.name();
        if self.leaves_out(&name) {
            return Sql::constant("false");
        }
        let mut all = vec![Sql::constant("true")];
        if !self.keys.is_empty() {
            let keys = Sql::join(", ", self.keys.iter().map(|k| Literal::new(k.as_str())));
            all.push(Sql::fill("j.pgfold_key = any (array[${keys}]::text[])", &[("keys", &keys)]));
        }
        if let Some(Upto::Id(id)) = self.upto.as_ref().and_then(|u| u.get(&name)) {
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
pub fn next_rows(given: &Given) -> Vec<(String, Option<String>, Sql)> {
    let Some(into) = given.target_to_be() else { return Vec::new() };
    let one = |fold: &Fold| {
        let name = Literal::new(fold.name());
        let known = if given.before.standing.is_empty() {
            Sql::constant("true")
        } else {
            Sql::fill(
                include_str!("../../sql/fold/unknown.sql"),
                &[
                    ("runs", &Composer::runs(&given.before.standing)),
                    ("source_name", &name),
                    ("id", &fold.id_text()),
                    ("hash", &fold.source_hash()),
                ],
            )
        };
        let sql = Sql::fill(
            include_str!("../../sql/fold/next_rows.sql"),
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
    given.folds(&into).iter().map(one).collect()
}

/// Per source: `$1` keys; those of them that one of its rows has.
pub fn known_keys(given: &Given) -> Vec<(String, Option<String>, Sql)> {
    let Some(into) = given.target_to_be() else { return Vec::new() };
    let one = |fold: &Fold| {
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
    given.folds(&into).iter().map(one).collect()
}

impl Composer<'_> {
    /// Whether the row takes over the target row that an earlier run made of it, over `st`, `t` and `s`.
    pub(super) fn takes_over(&self) -> Sql {
        if !self.part.changed || self.before.standing.is_empty() {
            return Sql::constant("false");
        }
        Sql::constant(
            "(st.whole and t.pgfold_tid = st.target_id and st.source_hash <> s.pgfold_hash and t.pgfold_live \
             and t.pgfold_thash = st.target_hash) is true",
        )
    }

    /// The hash of the target's row, where it is asked for.
    pub(super) fn held_hash(&self, fold: &Fold) -> Sql {
        if !self.part.changed {
            return Sql::constant("null::bigint");
        }
        changes::target_hash(&Ident::of_the_server(super::sources::TARGET_ALIAS), fold.into, &fold.target.churn)
    }

    /// Writes the rows that changed over what an earlier run made of them, with their before-images.
    pub(super) fn take_over(&self, fold: &Fold, step: i32, common: &[(&str, &dyn Piece)]) -> Sql {
        let columns: Vec<Ident> =
            fold.columns().into_iter().map(|(c, _)| c).filter(|c| *c != fold.target.key).collect();
        let set = columns.iter().map(|c| Sql::fill("${c} = c.${c}", &[("c", c)]));
        let pair = |c: &Ident| Sql::fill("${n}, pgfold_t.${c}::text", &[("n", &Literal::new(c.raw())), ("c", c)]);
        // a function takes at most 100 arguments
        let image = columns
            .chunks(45)
            .map(|chunk| Sql::fill("jsonb_build_object(${p})", &[("p", &Sql::join(", ", chunk.iter().map(pair)))]));
        let (step, name) = (i64::from(step), Literal::new(fold.into.name.plain()));
        let (set, image) = (Sql::join(", ", set), Sql::join(" || ", image));
        let mut pieces = common.to_vec();
        pieces.extend([
            ("assignments", &set as &dyn Piece),
            ("image", &image),
            ("step", &step),
            ("target_name", &name),
        ]);
        Sql::fill(include_str!("../../sql/fold/take_over.sql"), &pieces)
    }
}

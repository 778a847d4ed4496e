//! The stored form of kept values, rejected rows and duplicates: total, so that every value comes back as it was.
//!
//! JSON types, numbers, booleans and texts are JSON; every other value, and what JSON cannot hold, is its type's text.
//! A column that is absent was null; `null` was a JSON null.

use crate::catalog::Column;
use crate::sql::{Ident, Literal, Piece, Sql};

use crate::planner::rows::source_query::SourceQuery;
use crate::planner::rows::value_text::text_of;

/// The key that the texts of `json` values stand under, beside the columns, where jsonb would change them.
pub const TEXTS: &str = "pgfold_text";

/// When a `json` value cannot become jsonb, or perhaps not.
const UNHELD: &str = r"(${v})::text ~ '\\u(0000|[dD][89a-fA-F])|[eE][+-]?[0-9]{4}|[0-9]{255}'";
/// When jsonb gives back another text than that of the `json` value; blanks between its parts are no content.
const CHANGED: &str = r"translate((${v})::text, E' \n\r\t', '') <> translate((${v})::jsonb::text, ' ', '')";

/// What becomes of a `json` value that jsonb cannot hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unheld {
    /// It raises, so that its row is rejected before anything moves.
    Raises,
    /// It is stored as text only.
    Text,
}

impl SourceQuery<'_> {
    /// A whole source row of this alias in its stored form; it never raises.
    pub fn whole_row(&self, alias: &Ident) -> Sql {
        self.stored_form(alias, &self.legacy.column_names(), Unheld::Text)
    }

    /// The same row as builds before ledger version 7 stored it; null where jsonb cannot hold a value of it.
    pub fn whole_row_of_before(&self, alias: &Ident) -> Sql {
        let names = self.legacy.column_names();
        let columns = names.iter().filter_map(|n| Some((*n, self.legacy.column(n)?)));
        let documents: Vec<(&str, &Column)> = columns.filter(|(_, c)| is_document(c)).collect();
        let unheld = documents.iter().filter(|(_, c)| c.bottom_type == "json").map(|(n, _)| {
            let value = Sql::fill("${t}.${c}", &[("t", alias), ("c", &Ident::of_the_server(*n))]);
            Sql::fill("coalesce(${u}, false)", &[("u", &Sql::fill(UNHELD, &[("v", &value)]))])
        });
        let unheld = Sql::join(" or ", std::iter::once(Sql::constant("false")).chain(unheld));
        let texts = self.texts(alias, &documents, Unheld::Text);
        let texts = texts.map_or(Sql::constant(""), |t| Sql::fill(" || ${t}", &[("t", &t)]));
        Sql::fill(
            "case when not (${unheld}) then to_jsonb(${a}.*)${texts} end",
            &[("unheld", &unheld), ("a", alias), ("texts", &texts)],
        )
    }

    /// What `rest` keeps, in its stored form.
    pub(super) fn kept_form(&self) -> Sql {
        self.stored_form(&self.legacy.name.name, &self.kept(), Unheld::Raises)
    }

    /// The texts of what `rest` keeps, by column; none where no column could need one.
    pub fn kept_texts(&self) -> Option<Sql> {
        let kept = self.kept();
        let documents: Vec<(&str, &Column)> =
            kept.iter().filter_map(|n| Some((*n, self.legacy.column(n)?))).filter(|(_, c)| is_document(c)).collect();
        self.texts(&self.legacy.name.name, &documents, Unheld::Raises)
    }

    fn stored_form(&self, alias: &Ident, names: &[&str], unheld: Unheld) -> Sql {
        let columns: Vec<(&str, &Column)> = names.iter().filter_map(|n| Some((*n, self.legacy.column(n)?))).collect();
        let value = |name: &str| Sql::fill("${t}.${c}", &[("t", alias), ("c", &Ident::of_the_server(name))]);
        let (documents, plain): (Vec<_>, Vec<_>) = columns.into_iter().partition(|(_, c)| is_document(c));
        let pairs: Vec<Sql> = (plain.iter())
            .map(|(n, c)| {
                let pieces: [(&str, &dyn Piece); 2] = [("n", &Literal::new(*n)), ("v", &in_json(&value(n), c))];
                Sql::fill("${n}, ${v}", &pieces)
            })
            .collect();
        let mut parts = Vec::new();
        if !pairs.is_empty() {
            parts.push(Sql::fill("jsonb_strip_nulls(${o})", &[("o", &objects(&pairs))]));
        }
        for (name, column) in &documents {
            let value = value(name);
            let held = match (column.bottom_type.as_str(), unheld) {
                ("json", Unheld::Text) => Sql::fill("not (${u})", &[("u", &Sql::fill(UNHELD, &[("v", &value)]))]),
                _ => Sql::fill("${v} is not null", &[("v", &value)]),
            };
            parts.push(Sql::fill(
                "case when ${held} then jsonb_build_object(${n}::text, ${v}) else '{}' end",
                &[("held", &held), ("n", &Literal::new(*name)), ("v", &value)],
            ));
        }
        parts.extend(self.texts(alias, &documents, unheld));
        if parts.is_empty() {
            Sql::constant("'{}'::jsonb")
        } else {
            Sql::fill("(${p})", &[("p", &Sql::join(" || ", parts))])
        }
    }

    /// `{"pgfold_text": {column: text}}` for those `json` columns whose value jsonb changes, `{}` where it changes none.
    fn texts(&self, alias: &Ident, documents: &[(&str, &Column)], unheld: Unheld) -> Option<Sql> {
        let pair = |(name, column): &(&str, &Column)| {
            if column.bottom_type != "json" {
                return None;
            }
            let value = Sql::fill("${t}.${c}", &[("t", alias), ("c", &Ident::of_the_server(*name))]);
            let changed = Sql::fill(CHANGED, &[("v", &value)]);
            let when = match unheld {
                Unheld::Raises => changed,
                Unheld::Text => {
                    let held = Sql::fill(UNHELD, &[("v", &value)]);
                    Sql::fill("case when ${u} then true else ${c} end", &[("u", &held), ("c", &changed)])
                }
            };
            let pieces: [(&str, &dyn Piece); 3] = [("n", &Literal::new(*name)), ("when", &when), ("v", &value)];
            Some(Sql::fill("${n}, case when ${when} then (${v})::text end", &pieces))
        };
        let mut pairs: Vec<Sql> = documents.iter().filter_map(pair).collect();
        if unheld == Unheld::Raises {
            // times that their zone skips and that have no place but their column, by the target's name
            pairs.extend(self.changed_texts());
        }
        if pairs.is_empty() {
            return None;
        }
        Some(Sql::fill(
            "jsonb_strip_nulls(jsonb_build_object(${k}::text, nullif(jsonb_strip_nulls(${all}), '{}')))",
            &[("k", &Literal::new(TEXTS)), ("all", &objects(&pairs))],
        ))
    }
}

/// One object of pairs; a function takes at most 100 arguments.
fn objects(pairs: &[Sql]) -> Sql {
    let one = |chunk: &[Sql]| Sql::fill("jsonb_build_object(${p})", &[("p", &Sql::join(", ", chunk.iter().cloned()))]);
    Sql::join(" || ", pairs.chunks(45).map(one))
}

/// `json` or jsonb.
pub fn is_document(column: &Column) -> bool {
    matches!(column.bottom_type.as_str(), "json" | "jsonb")
}

/// A value as the argument of `jsonb_build_object` that becomes its stored form; of a document the value itself.
pub fn in_json(value: &Sql, column: &Column) -> Sql {
    match column.bottom_type.as_str() {
        "smallint" | "integer" | "bigint" | "numeric" | "boolean" | "text" | "character varying" | "character"
        | "name" | "json" | "jsonb" => value.clone(),
        // jsonb knows no negative zero
        "real" | "double precision" => Sql::fill(
            "case when ${v} = 0 and (${v})::text like '-%' then to_jsonb((${v})::text) else to_jsonb(${v}) end",
            &[("v", value)],
        ),
        _ => text_of(value, column),
    }
}

/// The same, never raising, for what is only shown: a document that jsonb cannot hold is its text.
pub fn shown_in_json(value: &Sql, column: &Column) -> Sql {
    if column.bottom_type != "json" {
        return in_json(value, column);
    }
    let unheld = Sql::fill(UNHELD, &[("v", value)]);
    Sql::fill("case when ${u} then to_jsonb((${v})::text) else (${v})::jsonb end", &[("u", &unheld), ("v", value)])
}

//! What jsonb does not give back as it was: its text is kept beside it.

use crate::catalog::Column;
use crate::sql::{Ident, Literal, Sql};

use super::fold::Fold;

/// The key that the texts stand under, beside the columns.
pub const TEXTS: &str = "pgfold_text";

impl Fold<'_> {
    /// A whole source row of this alias as jsonb, with the texts of what jsonb changes.
    pub fn whole_row(&self, alias: &Ident) -> Sql {
        let row = Sql::fill("to_jsonb(${a}.*)", &[("a", alias)]);
        match self.beside(alias, &self.legacy.column_names()) {
            Some(beside) => Sql::fill("(${row} || ${beside})", &[("row", &row), ("beside", &beside)]),
            None => row,
        }
    }

    /// The same for what `rest` keeps, with the texts of times that their zone skips and that have no place but their
    /// column, by the target's name.
    pub fn beside_rest(&self) -> Option<Sql> {
        let mut pairs = self.pairs(&self.legacy.name.name, &self.kept());
        pairs.extend(self.changed_texts());
        texts(&pairs)
    }

    /// `{"pgfold_text": {column: text}}` for those of the columns whose value jsonb changes, `{}` where it changes none.
    fn beside(&self, alias: &Ident, columns: &[&str]) -> Option<Sql> {
        texts(&self.pairs(alias, columns))
    }

    fn pairs(&self, alias: &Ident, columns: &[&str]) -> Vec<Sql> {
        let pair = |name: &&str| {
            let c = self.legacy.column(name)?;
            let value = Sql::fill("${t}.${c}", &[("t", alias), ("c", &Ident::of_the_server(*name))]);
            let changes = Sql::fill(changes(c)?, &[("v", &value)]);
            let pieces: [(&str, &dyn crate::sql::Piece); 3] =
                [("n", &Literal::new(*name)), ("changes", &changes), ("v", &value)];
            Some(Sql::fill("${n}, case when ${changes} then (${v})::text end", &pieces))
        };
        columns.iter().filter_map(pair).collect()
    }
}

fn texts(pairs: &[Sql]) -> Option<Sql> {
    if pairs.is_empty() {
        return None;
    }
    // a function takes at most 100 arguments
    let parts = pairs
        .chunks(45)
        .map(|chunk| Sql::fill("jsonb_build_object(${p})", &[("p", &Sql::join(", ", chunk.iter().cloned()))]));
    Some(Sql::fill(
        "jsonb_strip_nulls(jsonb_build_object(${k}::text, nullif(jsonb_strip_nulls(${all}), '{}')))",
        &[("k", &Literal::new(TEXTS)), ("all", &Sql::join(" || ", parts))],
    ))
}

/// When jsonb gives back another value than `${v}` was; none for a type where it never does.
fn changes(c: &Column) -> Option<&'static str> {
    let array = c.is_array();
    match c.bottom_type.trim_end_matches("[]") {
        _ if c.composite => Some("${v} is not null"),
        "json" if array => Some("${v} is not null"),
        // blanks between its parts are no content; those within a string stand on both sides
        "json" => Some("translate((${v})::text, E' \\n\\r\\t', '') <> translate((${v})::jsonb::text, ' ', '')"),
        "real" | "double precision" if array => Some("((${v})::text like '[%' or (${v})::text ~ '[{,]-0[,}]')"),
        "real" | "double precision" => Some("(${v} = 0 and (${v})::text like '-%')"),
        // bounds are printed only where they are not the usual ones
        _ if array => Some("(${v})::text like '[%'"),
        _ => None,
    }
}

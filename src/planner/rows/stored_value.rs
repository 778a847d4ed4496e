//! The value that a target column will hold: fitted in by length, precision and fields, or generated.

use crate::catalog::Column;
use crate::manifest::Value;
use crate::planner::rows::source_query::SourceQuery;
use crate::sql::{Expr, Ident, Literal, Sql};

/// Types with an equality and a way back from what a value was narrowed to.
const MEASURED: [&str; 8] = [
    "numeric",
    "real",
    "double precision",
    "timestamp without time zone",
    "timestamp with time zone",
    "time without time zone",
    "time with time zone",
    "interval",
];

impl SourceQuery<'_> {
    /// Where a shaped row holds the value before it is fitted in: lengths are judged there, as a cast would cut.
    pub(in crate::planner) fn raw(&self, column: &Ident) -> Ident {
        match self.into.columns.iter().position(|c| c.name == column.raw() && c.fits_in()) {
            Some(place) => Ident::of_the_server(format!("pgfold_r{place}")),
            None => column.clone(),
        }
    }

    /// The type of a value that is known to be taken: the column's own, where that can do no harm to it.
    pub(in crate::planner) fn own_type<'c>(&self, c: &'c Column) -> &'c str {
        if c.fits_in() { c.type_name.as_str() } else { c.uncut_type() }
    }

    /// The key is compared as text, and must be the text of what the column will hold.
    pub(in crate::planner) fn key_type(&self) -> &str {
        let Some(c) = self.into.column(self.target.key.raw()) else { return "text" };
        if c.fits_in() && MEASURED.contains(&c.bottom_type.as_str()) { c.type_name.as_str() } else { c.uncut_type() }
    }

    /// The rows with every value as its column will hold it.
    pub(in crate::planner) fn stored(&self, rows: Sql) -> Sql {
        let fitted = self.columns().into_iter().filter_map(|(column, _)| {
            let c = self.into.column(column.raw()).filter(|c| c.fits_in())?;
            let raw = self.raw(&column);
            let pieces: [(&str, &dyn crate::sql::Piece); 3] =
                [("r", &raw), ("t", &Sql::of_the_server(c.type_name.as_str())), ("c", &column)];
            // what does not fit in would raise here, and is a fault already
            Some(match crate::planner::rows::violations::too_large_when(&raw, c) {
                Some(when) => Sql::fill(
                    "case when not (${when}) then q.${r}::${t} end as ${c}",
                    &[&pieces[..], &[("when", &when)]].concat(),
                ),
                None => Sql::fill("q.${r}::${t} as ${c}", &pieces),
            })
        });
        let generated = self.generated().into_iter().filter_map(|(column, value)| {
            let c = self.into.column(column.raw())?;
            let value = value.unwrap_or(Sql::constant("null"));
            let type_name = Sql::of_the_server(c.type_name.as_str());
            let cast = Sql::fill("(${v})::${t}", &[("v", &value), ("t", &type_name)]);
            Some(Sql::fill("${v} as ${c}", &[("v", &self.collated(cast, c)), ("c", &column)]))
        });
        around(around(rows, fitted.collect()), generated.collect())
    }

    /// The target's generated columns with their expressions; none where one rests on what the server will fill in.
    pub(in crate::planner) fn generated(&self) -> Vec<(Ident, Option<Sql>)> {
        let unknown: Vec<Ident> =
            self.left_out().into_iter().filter(|(.., unknown)| *unknown).map(|(c, ..)| c).collect();
        let names = self.into.column_names();
        let one = |c: &Column| {
            let expression = c.generation.as_ref().filter(|e| {
                let reads = Expr::new(e).map(|e| e.columns(&names));
                reads.is_ok_and(|reads| !reads.iter().any(|r| unknown.iter().any(|u| u.raw() == r)))
            });
            (Ident::of_the_server(c.name.as_str()), expression.map(|e| Sql::of_the_server(e.as_str())))
        };
        self.into.columns.iter().filter(|c| c.generated).map(one).collect()
    }

    /// Target columns whose value nobody knows before the row is written.
    pub(in crate::planner) fn unknown(&self) -> Vec<Ident> {
        let left_out = self.left_out().into_iter().filter(|(.., unknown)| *unknown).map(|(c, ..)| c);
        let generated = self.generated().into_iter().filter(|(_, value)| value.is_none()).map(|(c, _)| c);
        left_out.chain(generated).collect()
    }

    /// Bare columns that are narrowed to another type: the target column, whether it counts as whole, the value, and
    /// when it does not come back.
    fn narrowed(&self) -> Vec<(Ident, bool, Sql, Sql)> {
        let whole = self.taken_whole();
        let one = |rule: &crate::manifest::ColumnRule| {
            let Value::Expr { expr, .. } = &rule.value else { return None };
            let from = self.legacy.column(&expr.bare()?)?;
            let to = self.into.column(rule.column.raw())?;
            let text = matches!(to.bottom_type.as_str(), "text" | "character varying" | "character" | "jsonb");
            if from.bottom_type == to.bottom_type || text || !MEASURED.contains(&from.bottom_type.as_str()) {
                return None;
            }
            let value = Sql::fill(
                "${a}.${c}",
                &[("a", &self.legacy.name.name), ("c", &Ident::of_the_server(from.name.as_str()))],
            );
            let differs = Sql::fill(
                "(${v})::${to}::${from} is distinct from ${v}",
                &[
                    ("v", &value),
                    ("to", &Sql::of_the_server(to.uncut_type())),
                    ("from", &Sql::of_the_server(from.bottom_type.as_str())),
                ],
            );
            Some((rule.column.clone(), whole.iter().any(|(_, c)| *c == rule.column), value, differs))
        };
        self.source.columns.iter().filter_map(one).collect()
    }

    /// Bare columns with the target's, where a value may be rounded or cut by length, precision or fields alone.
    pub(in crate::planner) fn fitted_in(&self) -> Vec<(&Column, &Column)> {
        let pair = |rule: &crate::manifest::ColumnRule| {
            let from = self.legacy.column(&rule.value.expr().bare()?)?;
            Some((from, self.into.column(rule.column.raw())?))
        };
        let all = self.source.columns.iter().filter_map(pair);
        all.filter(|(from, to)| from.bottom_type == to.bottom_type && !holds(from, to)).collect()
    }

    pub(in crate::planner) fn narrows(&self) -> bool {
        self.narrowed().iter().any(|(_, whole, ..)| !self.refused(*whole))
    }

    pub(in crate::planner) fn cuts_what_is_whole(&self) -> bool {
        self.narrowed().iter().any(|(_, whole, ..)| self.refused(*whole))
    }

    /// What counts as whole has no other place; with `unmapped` its text is kept there where it changes.
    fn refused(&self, whole: bool) -> bool {
        whole && self.source.unmapped.is_none()
    }

    /// The columns whose value another type could not hold, as a text array: of those that refuse the row, or of the others.
    pub(in crate::planner) fn not_held(&self, refused: bool) -> Sql {
        let case = |(to, _, _, differs): (Ident, bool, Sql, Sql)| {
            let pieces: [(&str, &dyn crate::sql::Piece); 2] = [("differs", &differs), ("n", &Literal::new(to.raw()))];
            Sql::fill("case when ${differs} then ${n} end", &pieces)
        };
        let all = self.narrowed().into_iter().filter(|(_, whole, ..)| self.refused(*whole) == refused);
        crate::planner::rows::violations::names(all.map(case).collect())
    }

    /// Pairs of a target column and the text of its value, for what is taken whole and changes all the same.
    pub(in crate::planner) fn changed_texts(&self) -> Vec<Sql> {
        let pair = |(to, _, value, differs): (Ident, bool, Sql, Sql)| {
            let pieces: [(&str, &dyn crate::sql::Piece); 3] =
                [("n", &Literal::new(to.raw())), ("differs", &differs), ("v", &value)];
            Sql::fill("${n}, case when ${differs} then (${v})::text end", &pieces)
        };
        self.narrowed().into_iter().filter(|(_, whole, ..)| *whole).map(pair).collect()
    }
}

/// One more layer of columns; without it every mention of a value would be its expression again.
fn around(rows: Sql, more: Vec<Sql>) -> Sql {
    if more.is_empty() {
        return rows;
    }
    Sql::fill(
        "select q.*, ${more}\n    from (\n${rows}\n  ) q\n  offset 0",
        &[("more", &Sql::join(",\n         ", more)), ("rows", &rows)],
    )
}

/// Whether the column's own length, precision and fields hold every value of another of a type that goes with its own.
pub(in crate::planner) fn holds(from: &Column, to: &Column) -> bool {
    let element = |c: &Column| c.bottom_type.trim_end_matches("[]").to_owned();
    if to.typmod.is_some() && from.typmod == to.typmod && from.bottom_type == to.bottom_type {
        return true;
    }
    match element(to).as_str() {
        "numeric" => match (to.scale, element(from).as_str()) {
            (None, _) => true,
            (Some(scale), "smallint" | "integer" | "bigint") => scale >= 0,
            (Some(scale), "numeric") => from.scale.is_some_and(|s| s <= scale),
            _ => false,
        },
        of if of.starts_with("time") => match (to.typmod, element(from).as_str()) {
            (None, _) | (_, "date") => true,
            (Some(digits), _) => from.typmod.unwrap_or(6) <= digits,
        },
        "interval" => to.typmod.is_none(),
        // a text that is too long is a fault of its row, and bits are never cut
        _ => true,
    }
}

//! The identity of a source row: as text, in the order by which its batches are cut, and as the row is found again by it.

use crate::planner::rows::source_query::{Pass, SourceQuery};
use crate::planner::rows::value_text::column_text;
use crate::sql::{Ident, Piece, Sql};

impl SourceQuery<'_> {
    /// The identity of a source row as one text: the column itself, or a text array of several.
    pub fn id_text(&self) -> Sql {
        match self.source.id.as_slice() {
            [one] => self.source_text(one),
            many => Sql::fill("array[${list}]::text", &[("list", &self.id_texts(many))]),
        }
    }

    fn id_texts(&self, columns: &[Ident]) -> Sql {
        Sql::join(", ", columns.iter().map(|c| self.source_text(c)))
    }

    fn source_text(&self, column: &Ident) -> Sql {
        column_text(self.alias(), column, self.legacy.column(column.raw()))
    }

    /// The identity as a text array, whatever the number of columns.
    pub fn id_array(&self) -> Sql {
        Sql::fill("array[${list}]", &[("list", &self.id_texts(&self.source.id))])
    }

    pub fn id_columns(&self) -> Sql {
        let one = |c: &Ident| Sql::fill("${t}.${c}", &[("t", self.alias()), ("c", c)]);
        Sql::join(", ", self.source.id.iter().map(one))
    }

    fn bounds(&self, parameter: &'static str) -> Vec<Sql> {
        let one = |(i, c): (usize, &Ident)| {
            let type_name = self.legacy.column(c.raw()).map_or("text", |c| c.uncut_type());
            Sql::fill(
                "(${p}::text[])[${i}]::${type}",
                &[("p", &Sql::constant(parameter)), ("i", &(i as i64 + 1)), ("type", &Sql::of_the_server(type_name))],
            )
        };
        self.source.id.iter().enumerate().map(one).collect()
    }

    /// Whether every search path finds the operators of the id's order.
    pub(super) fn plainly_ordered(&self) -> bool {
        self.source.id.iter().all(|c| {
            let operators = self.legacy.column(c.raw()).and_then(|k| k.order_operators.as_ref());
            operators.is_none_or(|o| o.above.starts_with("operator(pg_catalog."))
        })
    }

    /// Whether the id is above the bound, or up to it: by the order of its types, whose operators may be in no schema of
    /// the path, where others with implicit casts would be found instead.
    fn against(&self, parameter: &'static str, above: bool) -> Sql {
        let bounds = self.bounds(parameter);
        let column = |c: &Ident| self.legacy.column(c.raw());
        let own = |c: &Ident| {
            let all = column(c)?.order_operators.as_ref()?;
            Some(if above { all.above.clone() } else { all.up_to.clone() })
        };
        if self.plainly_ordered() {
            return Sql::fill(
                "(${ids}) ${operator} (${bounds})",
                &[
                    ("ids", &self.id_columns()),
                    ("operator", &Sql::constant(if above { ">" } else { "<=" })),
                    ("bounds", &Sql::join(", ", bounds)),
                ],
            );
        }
        // column by column: above in the first, or equal there and above in the rest
        let mut all = self.source.id.iter().zip(bounds).rev();
        let by = |c: &Ident, operator: Option<String>, otherwise: &'static str, bound: &Sql| {
            let operator = Sql::of_the_server(operator.unwrap_or_else(|| otherwise.to_owned()));
            let pieces: [(&str, &dyn Piece); 4] =
                [("t", self.alias()), ("c", c), ("operator", &operator), ("bound", bound)];
            Sql::fill("${t}.${c} ${operator} ${bound}", &pieces)
        };
        let Some((last, bound)) = all.next() else { return Sql::constant("true") };
        let last = by(last, own(last), if above { ">" } else { "<=" }, &bound);
        all.fold(last, |rest, (c, bound)| {
            let strictly = column(c).and_then(|k| k.order_operators.as_ref());
            let equal = by(c, column(c).and_then(|k| k.equality.clone()), "=", &bound);
            let first = if above {
                by(c, strictly.map(|o| o.above.clone()), ">", &bound)
            } else {
                let up_to = by(c, strictly.map(|o| o.up_to.clone()), "<=", &bound);
                Sql::fill("(${up_to} and not ${equal})", &[("up_to", &up_to), ("equal", &equal)])
            };
            let pieces: [(&str, &dyn Piece); 3] = [("first", &first), ("equal", &equal), ("rest", &rest)];
            Sql::fill("(${first} or (${equal} and ${rest}))", &pieces)
        })
    }

    /// The rows above `$2` up to `$3`; a null end is open.
    pub fn range(&self) -> Sql {
        let range = Sql::fill(
            "($2::text[] is null or ${above}) and ($3::text[] is null or ${upto})",
            &[("above", &self.against("$2", true)), ("upto", &self.against("$3", false))],
        );
        if self.pass == Pass::CatchUp { Sql::join(" and ", [range, self.changed_rows()]) } else { range }
    }

    /// Finds the source row of a shaped row `c` by its typed identity.
    pub fn same_row(&self) -> Sql {
        let one = |(i, c): (usize, &Ident)| {
            let equality = self.legacy.column(c.raw()).and_then(|k| k.equality.clone());
            let equality = Sql::of_the_server(equality.unwrap_or_else(|| "=".to_owned()));
            Sql::fill("l.${c} ${equality} c.pgfold_i${i}", &[("c", c), ("i", &(i as i64)), ("equality", &equality)])
        };
        Sql::join(" and ", self.source.id.iter().enumerate().map(one))
    }
}

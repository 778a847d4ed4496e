//! What an enhancement's columns and tables hold: noted when they are added, compared before they are dropped.

use serde::{Deserialize, Serialize};

use crate::manifest::{Enhancement, ObjectKind};
use crate::sql::{Ident, Literal, Name, Piece, Sql};

/// A column or a table that a rollback to the schema before would drop.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddedData {
    table: Name,
    /// `None`: the whole table.
    column: Option<Ident>,
    /// What the column holds by itself.
    default: Option<Sql>,
}

impl AddedData {
    /// Those of an enhancement that are not there yet; `missing` in the catalog's words.
    pub fn of(e: &Enhancement, missing: &[String], schema: &Ident) -> Vec<AddedData> {
        let here = |name: &Ident| Name { schema: schema.clone(), name: name.clone() };
        // a table that is new holds its columns
        let new = |a: &&crate::manifest::Added| missing.contains(&format!("table {}", a.table.name.raw()));
        let columns = e.adds.iter().filter(|a| !new(a)).map(|a| {
            let word = format!("column {} of {}", a.column.raw(), a.table.name.raw());
            let typed = |d: &crate::sql::Expr| {
                Sql::fill("(${d})::${t}::text", &[("d", d), ("t", &Sql::of_the_server(a.type_name.as_str()))])
            };
            let default = a.default.as_ref().map(typed);
            (word, AddedData { table: here(&a.table.name), column: Some(a.column.clone()), default })
        });
        let tables = e.creates.iter().filter(|d| d.kind == ObjectKind::Table).map(|d| {
            let table = here(&Ident::of_the_server(d.name.as_str()));
            (d.plain(), AddedData { table, column: None, default: None })
        });
        columns.chain(tables).filter(|(word, _)| missing.contains(word)).map(|(_, held)| held).collect()
    }

    fn pieces(&self) -> [(&'static str, Sql); 4] {
        let one = |p: &dyn Piece| Sql::fill("${p}", &[("p", p)]);
        let place = match &self.column {
            Some(column) => format!("column {} of {}", column.raw(), self.table.plain()),
            None => format!("table {}", self.table.plain()),
        };
        let (hash, foreign) = match &self.column {
            None => (Sql::constant("0::bigint"), Sql::constant("true")),
            Some(column) => {
                let default = self.default.clone().unwrap_or(Sql::constant("null"));
                (
                    Sql::fill("hashtextextended(pgfold_t.${c}::text collate pg_catalog.\"C\", 0)", &[("c", column)]),
                    Sql::fill(
                        "pgfold_t.${c}::text collate pg_catalog.\"C\" is distinct from ${default}",
                        &[("c", column), ("default", &default)],
                    ),
                )
            }
        };
        [("place", one(&Literal::new(place))), ("hash", hash), ("foreign", foreign), ("table", one(&self.table))]
    }

    /// `$1` run, `$2` step: notes what is there now.
    pub fn note(&self) -> Sql {
        let pieces = self.pieces();
        let pieces: Vec<(&str, &dyn Piece)> = pieces.iter().map(|(n, p)| (*n, p as &dyn Piece)).collect();
        Sql::fill(include_str!("../../sql/run/put_value.sql"), &pieces)
    }

    /// Refuses, within a rollback, when there is more than was noted.
    pub fn compare(&self, run: i64, step: i64) -> Sql {
        let pieces = self.pieces();
        let literal = Literal::new(self.table.to_string());
        let mut all: Vec<(&str, &dyn Piece)> = pieces.iter().map(|(n, p)| (*n, p as &dyn Piece)).collect();
        // a step that failed may have left nothing behind that could be asked
        let column = Literal::new(self.column.as_ref().map_or("", Ident::raw));
        let object = Literal::new(match &self.column {
            Some(column) => format!("column {} of {}", column.raw(), self.table.name.raw()),
            None => format!("table {}", self.table.name.raw()),
        });
        let needs = Sql::constant(include_str!("../../sql/undo/needs.sql"));
        all.extend([
            ("run", &run as &dyn Piece),
            ("step", &step),
            ("table_literal", &literal),
            ("column_literal", &column),
            ("object", &object),
            ("needs", &needs),
        ]);
        Sql::fill(include_str!("../../sql/undo/held.sql"), &all)
    }
}

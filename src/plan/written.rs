//! The rows that an enhancement may change: what is kept of them before, what is compared after, how they come back.

use serde::{Deserialize, Serialize};

use crate::catalog::Table;
use crate::manifest::Writes;
use crate::sql::{Ident, Literal, Name, Piece, Sql};

/// A table whose rows an enhancement may change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Written {
    pub table: Name,
    /// Its name as the server's answers word it.
    pub word: String,
    key: Vec<Ident>,
    declared: Vec<Ident>,
    /// Every column that can be written, with its type.
    columns: Vec<(Ident, String)>,
}

impl Written {
    /// `table` is what is there now; nothing where its rows cannot be told apart.
    pub fn of(writes: &Writes, table: &Table, home: &Ident) -> Option<Written> {
        let column = |c: &str| Ident::of_the_server(c);
        let same = table.name.schema == *home;
        Some(Written {
            table: table.name.clone(),
            word: if same { table.name.name.raw().to_owned() } else { table.name.plain() },
            key: key(table)?,
            declared: writes.columns.clone(),
            columns: (table.columns.iter())
                .filter(|c| !c.generated)
                .map(|c| (column(&c.name), c.uncut_type().to_owned()))
                .collect(),
        })
    }

    /// By what the ledger knows a row of the table, read from `alias`; nothing where rows cannot be told apart.
    pub fn row_id(table: &Table, alias: &Ident) -> Option<Sql> {
        Some(id(&key(table)?, alias))
    }

    fn fill(&self, template: &'static str, more: &[(&str, &dyn Piece)]) -> Sql {
        let text = |c: &Ident| Sql::fill("pgfold_t.${c}::text", &[("c", c)]);
        let literals = |all: &mut dyn Iterator<Item = &Ident>| {
            Sql::fill("array[${l}]", &[("l", &Sql::join(", ", all.map(|c| Literal::new(c.raw())).collect::<Vec<_>>()))])
        };
        let id = id(&self.key, &Ident::of_the_server("pgfold_t"));
        let image = Sql::fill(
            "pg_catalog.jsonb_object(${n}::text[], array[${v}]::text[])",
            &[
                ("n", &literals(&mut self.columns.iter().map(|(c, _)| c))),
                ("v", &Sql::join(", ", self.columns.iter().map(|(c, _)| text(c)))),
            ],
        );
        let declared = match self.declared.as_slice() {
            [] => Sql::constant("array[]::text[]"),
            all => literals(&mut all.iter()),
        };
        let place = Literal::new(self.word.as_str());
        let mut pieces: Vec<(&str, &dyn Piece)> =
            vec![("table", &self.table), ("place", &place), ("id", &id), ("image", &image), ("declared", &declared)];
        pieces.extend(more);
        Sql::fill(template, &pieces)
    }

    /// `$1` run, `$2` step: keeps every row.
    pub fn before(&self) -> Sql {
        self.fill(include_str!("../../sql/run/written_before.sql"), &[])
    }

    /// `$1` run, `$2` step: columns that changed and were not declared.
    pub fn beyond(&self) -> Sql {
        self.fill(include_str!("../../sql/run/written_beyond.sql"), &[])
    }

    /// `$1` run, `$2` step: keeps only the rows that changed.
    pub fn after(&self) -> Sql {
        self.fill(include_str!("../../sql/run/written_after.sql"), &[])
    }

    /// `$1` run, `$2` step: how many rows did not come back.
    pub fn not_back(&self) -> Sql {
        self.fill(include_str!("../../sql/run/written_back.sql"), &[])
    }

    /// Refuses, within a rollback, when somebody edited such a row since.
    pub fn compare(&self, run: i64, step: i64) -> Sql {
        let literal = Literal::new(self.table.to_string());
        self.fill(
            include_str!("../../sql/undo/written_edited.sql"),
            &[("run", &run), ("step", &step), ("table_literal", &literal)],
        )
    }

    /// Brings the rows back, within a rollback.
    pub fn restore(&self, run: i64, step: i64) -> Sql {
        let literal = Literal::new(self.table.to_string());
        let value = |(c, type_name): &(Ident, String)| {
            Sql::fill(
                "(w.columns ->> ${n})::${t}",
                &[("n", &Literal::new(c.raw())), ("t", &Sql::of_the_server(type_name.as_str()))],
            )
        };
        let declared = self.columns.iter().filter(|(c, _)| self.declared.contains(c));
        let set: Vec<Sql> =
            declared.map(|both| Sql::fill("${c} = ${v}", &[("c", &both.0), ("v", &value(both))])).collect();
        let restore = if set.is_empty() {
            // no row was changed that could be restored
            Sql::constant("")
        } else {
            let set = Sql::join(", ", set);
            self.fill(
                include_str!("../../sql/undo/written_changed.sql"),
                &[("run", &run), ("step", &step), ("set", &set)],
            )
        };
        let names = Sql::join(", ", self.columns.iter().map(|(c, _)| c.clone()));
        let values = Sql::join(", ", self.columns.iter().map(value));
        self.fill(
            include_str!("../../sql/undo/written.sql"),
            &[
                ("run", &run),
                ("step", &step),
                ("table_literal", &literal),
                ("restore", &restore),
                ("names", &names),
                ("values", &values),
            ],
        )
    }
}

fn key(table: &Table) -> Option<Vec<Ident>> {
    let primary = table.indexes.iter().find(|i| i.primary)?;
    Some(primary.columns.iter().flatten().map(|c| Ident::of_the_server(c.as_str())).collect())
}

fn id(key: &[Ident], alias: &Ident) -> Sql {
    let texts = key.iter().map(|c| Sql::fill("${t}.${c}::text", &[("t", alias), ("c", c)]));
    Sql::fill("pg_catalog.jsonb_build_array(${k})::text", &[("k", &Sql::join(", ", texts))])
}

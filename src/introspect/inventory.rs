//! What depends on tables, what their columns hold, and what time it is in a zone.

use serde::Deserialize;

use crate::catalog::{ColumnProfile, Dependent, Table};
use crate::error::Result;
use crate::pg::{Arg, Session};
use crate::sql::{Ident, Literal, Name, Sql};

/// Everything outside that uses one of the tables.
pub async fn dependents(session: &mut Session, tables: &[Name]) -> Result<Vec<Dependent>> {
    let sql = Sql::constant(include_str!("../../sql/introspect/dependents.sql"));
    let names = tables.iter().map(Name::to_string).collect();
    session.rows("looking for dependents", &sql, &[Arg::Texts(names)]).await
}

/// Rows of which a table is read whole; of more, about so many are looked at.
const SAMPLE: i64 = 200_000;

/// Each column of a table in numbers.
pub async fn profile(session: &mut Session, table: &Table) -> Result<Vec<ColumnProfile>> {
    let share = if table.kind == "r" { table.estimated_rows / SAMPLE } else { 0 };
    let sample = if share > 1 {
        Sql::fill("tablesample system (100.0 / ${n}) repeatable (1)", &[("n", &share)])
    } else {
        Sql::constant("")
    };
    let mut out = Vec::new();
    for column in &table.columns {
        let name = Literal::new(column.name.as_str());
        let sql = Sql::fill(
            include_str!("../../sql/introspect/column_profile.sql"),
            &[
                ("name", &name),
                ("type", &Literal::new(column.type_name.as_str())),
                ("column", &Ident::of_the_server(column.name.as_str())),
                ("table", &table.name),
                ("sample", &sample),
            ],
        );
        let mut one: ColumnProfile = session.one("profiling a column", &sql, &[]).await?;
        one.table = table.name.plain();
        out.push(one);
    }
    Ok(out)
}

/// Day of the week (1 is Monday) and second of the day in a zone, by the server's clock.
pub async fn clock(session: &mut Session, zone: &str) -> Result<(u32, u32)> {
    #[derive(Deserialize)]
    struct Row {
        day: u32,
        second: u32,
    }
    let sql = Sql::constant(include_str!("../../sql/introspect/clock.sql"));
    let row: Row = session.one("asking for the time", &sql, &[zone.into()]).await?;
    Ok((row.day, row.second))
}

pub async fn count(session: &mut Session, table: &Name) -> Result<u64> {
    session.one("counting rows", &Sql::fill("select count(*) from ${t}", &[("t", table)]), &[]).await
}

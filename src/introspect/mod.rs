//! Asks the server what it holds and fills `catalog`.

use crate::catalog::{Catalog, Object, Objects, ServerFacts, Table};
use crate::error::Result;
use crate::pg::{Arg, Session};
use crate::sql::{Ident, Sql};

/// The server, and every table with one of these names, in whatever schema.
pub async fn catalog(session: &mut Session, names: &[String]) -> Result<Catalog> {
    let server: ServerFacts = server(session).await?;
    let sql = Sql::constant(include_str!("../../sql/introspect/tables.sql"));
    let tables: Vec<Table> = session.rows("reading the catalog", &sql, &[Arg::Texts(names.to_vec())]).await?;
    Ok(Catalog { server, tables })
}

pub async fn server(session: &mut Session) -> Result<ServerFacts> {
    let sql = Sql::constant(include_str!("../../sql/introspect/server.sql"));
    session.one("reading the server's facts", &sql, &[]).await
}

/// Every object of one schema with its definition.
pub async fn objects(session: &mut Session, schema: &Ident) -> Result<Objects> {
    let sql = Sql::constant(include_str!("../../sql/introspect/objects.sql"));
    let objects: Vec<Object> = session.rows("reading the schema's objects", &sql, &[schema.raw().into()]).await?;
    Ok(objects.into_iter().collect())
}

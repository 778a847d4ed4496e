//! The demo's server: its programs, and a realistic legacy database on it.

use crate::config::{Connection, Environment};
use crate::context::Desk;
use crate::embedded::{Programs, Server};
use crate::error::Result;
use crate::pg;
use crate::sql::Sql;

/// PostgreSQL's programs on this machine; fetched when they are missing and the DBA agrees.
pub fn find_programs(desk: &Desk) -> Result<Programs> {
    match Programs::find(None) {
        Ok(programs) => Ok(programs),
        Err(_) => {
            desk.out.confirm(
                "PostgreSQL is not on this machine; fetch the distribution's packages into a cache of our own?",
                desk.common.yes,
            )?;
            Programs::fetch()
        }
    }
}

pub async fn fill_demo(server: &Server) -> Result<()> {
    let open = async |database: &str| {
        let url = server.url(database);
        let connection = Connection::gather(Some(&url), &Environment::default())?;
        pg::Server::new(&connection)?.open().await
    };
    let mut session = open("postgres").await?;
    session.script("creating the demo's database", &Sql::constant("create database legacy")).await?;
    session.close().await;
    let mut session = open("legacy").await?;
    for sql in [include_str!("../../../sql/demo/legacy_schema.sql"), include_str!("../../../sql/demo/legacy_rows.sql")]
    {
        session.script("filling the demo's database", &Sql::constant(sql)).await?;
    }
    session.close().await;
    Ok(())
}

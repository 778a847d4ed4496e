//! Dependents tried again without changing or executing anything: views prepared, functions compiled.

use serde::Deserialize;

use crate::catalog::Dependent;
use crate::error::{Error, Result};
use crate::pg::{Arg, Session};
use crate::sql::{Literal, Sql};

/// A function with what its language checks it by.
#[derive(Deserialize)]
struct Compiled {
    kind: String,
    name: String,
    oid: i64,
    validator: String,
    /// `name=value`, as the function sets them for itself.
    settings: Vec<String>,
}

/// Dependents that cannot be used, by kind and name, with the server's words. Within a transaction that may not write.
pub async fn broken(session: &mut Session, dependents: &[Dependent]) -> Result<Vec<(String, String, String)>> {
    let mut out = Vec::new();
    for d in dependents {
        // the catalog printed name and definition, quoted where they must be
        let query = match d.kind.as_str() {
            "view" => Sql::fill("select * from ${v}", &[("v", &Sql::of_the_server(d.name.as_str()))]),
            "materialized view" => Sql::of_the_server(d.definition.trim_end().trim_end_matches(';')),
            _ => continue,
        };
        if let Some(why) = tried(session, "preparing a view", &prepared(&query)).await? {
            out.push((d.kind.clone(), d.name.clone(), why));
        }
    }
    let of = |kind: &str| dependents.iter().filter(|d| d.kind == kind).map(|d| d.name.clone()).collect::<Vec<_>>();
    let mut tables: Vec<String> = dependents.iter().filter(|d| d.kind == "trigger").map(|d| d.table.clone()).collect();
    tables.dedup();
    let sql = Sql::constant(include_str!("../../sql/introspect/validators.sql"));
    let args = [Arg::Texts(of("function")), Arg::Texts(tables)];
    let all: Vec<Compiled> = session.rows("looking for functions", &sql, &args).await?;
    for f in all {
        let mut statements = vec![Sql::constant("set local check_function_bodies = on")];
        // what its body is read under; any other setting of a stranger's function is not taken over
        let path = f.settings.iter().filter_map(|s| s.split_once('=')).filter(|(name, _)| *name == "search_path");
        for (name, value) in path {
            statements.push(Sql::fill(
                "select pg_catalog.set_config(${n}, ${v}, true)",
                &[("n", &Literal::new(name)), ("v", &Literal::new(value))],
            ));
        }
        let validator = Sql::of_the_server(f.validator);
        statements.push(Sql::fill("select ${v}(${o}::oid)", &[("v", &validator), ("o", &f.oid)]));
        if let Some(why) = tried(session, "compiling a function", &statements).await? {
            out.push((f.kind, f.name, why));
        }
    }
    Ok(out)
}

/// The server reads and resolves the query, and neither plans nor runs it: planning already calls immutable functions,
/// and those of a view are its owner's, called with the reader's privileges.
fn prepared(query: &Sql) -> [Sql; 2] {
    [Sql::fill("prepare pgfold_tried as ${q}", &[("q", query)]), Sql::constant("deallocate pgfold_tried")]
}

/// The server's words when it refuses; a right that is missing says nothing about the thing itself.
async fn tried(session: &mut Session, doing: &str, statements: &[Sql]) -> Result<Option<String>> {
    session.savepoint().await?;
    let mut refused = None;
    for sql in statements {
        match session.script(doing, sql).await {
            Ok(()) => {}
            Err(Error::Refused { server, .. }) => {
                refused = (server.code != "42501").then(|| server.safe());
                break;
            }
            Err(other) => return Err(other),
        }
    }
    // settings go with it
    session.back_to_savepoint().await?;
    Ok(refused)
}

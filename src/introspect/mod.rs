//! Asks the server what it holds and fills `catalog`.

mod inventory;
mod surroundings;
mod tried;

pub use inventory::{clock, count, dependents, profile};
pub use surroundings::{Pooler, endpoint, lacking, pooler, surroundings};
pub use tried::broken;

use crate::catalog::{Catalog, Object, Objects, ServerFacts, Table, TypeShape};
use crate::error::{Error, Result};
use crate::finding::{Finding, Fix, Severity};
use crate::pg::{Arg, Session};
use crate::plan::{Probe, creates};
use crate::sql::{Ident, Name, Sql};
use crate::text;

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

/// What the server knows of types by the names that a person wrote; an unknown one is left out.
pub async fn types(session: &mut Session, written: &[String]) -> Result<std::collections::BTreeMap<String, TypeShape>> {
    let sql = Sql::constant(include_str!("../../sql/introspect/types.sql"));
    let rows: Vec<(String, TypeShape)> = session.rows("reading types", &sql, &[Arg::Texts(written.to_vec())]).await?;
    Ok(rows.into_iter().collect())
}

/// Foreign keys of one column that point to the table: (table, column, referenced column).
pub async fn referenced_by(session: &mut Session, target: &Name) -> Result<Vec<(Name, Ident, Ident)>> {
    let sql = Sql::constant(include_str!("../../sql/introspect/referenced_by.sql"));
    session.rows("reading foreign keys", &sql, &[Arg::Text(target.to_string())]).await
}

/// Tries each expression on the server, in a transaction of the caller; every name it does not know is a finding.
pub async fn expressions(session: &mut Session, probes: &[Probe]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for probe in probes {
        let mut expr = probe.expr.clone();
        // one more try per missing name; an expression has fewer names than this
        for _ in 0..20 {
            let cast = probe.cast.as_ref().map_or(Sql::constant(""), |t| Sql::fill("::${t}", &[("t", t)]));
            let sql = Sql::fill(
                "select (${e})${cast} from ${relation}",
                &[("e", &expr), ("cast", &cast), ("relation", &probe.relation)],
            );
            session.savepoint().await?;
            let server = match session.understands(&probe.about, &sql).await {
                Ok(()) => {
                    findings.extend(naive(session, probe).await?);
                    session.release_savepoint().await?;
                    break;
                }
                Err(Error::Refused { server, .. }) => {
                    session.back_to_savepoint().await?;
                    server
                }
                Err(other) => return Err(other),
            };
            let missing = (server.code == "42703").then(|| quoted_name(&server.message)).flatten();
            let Some(missing) = missing else {
                let found = format!("`{}`: {}", text::inert(probe.expr.raw()), server.safe());
                findings.push(Finding::new(
                    "bad-expression",
                    Severity::Refusal,
                    probe.about.as_str(),
                    found,
                    creates(&server.code, &server.message).or_else(|| server.hint.clone()).unwrap_or_default(),
                ));
                break;
            };
            let right = probe.near(&missing);
            let todo = if right.is_empty() {
                let known: Vec<&str> = probe.known.iter().map(|c| c.name.as_str()).collect();
                format!("its columns: {}", text::cut(&known.join(", "), 200))
            } else {
                format!("did you mean {}?", text::quoted_list(&right))
            };
            let found = format!("there is no column `{}`", text::inert(&missing));
            let fix = Fix { wrong: missing.clone(), right, plain: false };
            let finding = Finding::new("unknown-column", Severity::Refusal, probe.about.as_str(), found, todo);
            findings.push(finding.with(fix));
            expr = expr.without(&missing);
        }
    }
    Ok(findings)
}

/// An expression whose time has no zone, where one is wanted.
async fn naive(session: &mut Session, probe: &Probe) -> Result<Option<Finding>> {
    if !probe.zoneless {
        return Ok(None);
    }
    let sql = Sql::fill(
        "select pg_typeof((select (${e}) from ${relation} limit 0))::text",
        &[("e", &probe.expr), ("relation", &probe.relation)],
    );
    let type_name: String = session.one(&probe.about, &sql, &[]).await?;
    let naive = matches!(type_name.as_str(), "timestamp without time zone" | "date");
    Ok(naive.then(|| {
        Finding::new(
            "no-timezone",
            Severity::Refusal,
            probe.about.as_str(),
            "a timestamp without zone becomes one with zone, and nothing says which",
            "write `timezone = \"UTC\"` (or the zone it was written in) in this source",
        )
    }))
}

/// The name between the first double quotes of a server message, without its qualifier.
fn quoted_name(message: &str) -> Option<String> {
    let bare = match message.split_once('"') {
        Some((_, rest)) => rest.rsplit_once('"').map(|(name, _)| name)?,
        // `column t.name does not exist` is not quoted
        None => message.split_whitespace().find(|w| w.contains('.'))?,
    };
    Some(bare.rsplit('.').next().unwrap_or(bare).to_owned())
}

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
use crate::plan;
use crate::planner::{Lasts, Probe, Question, creates};
use crate::sql::{Ident, Name, Sql};
use crate::text;

/// The server, and every table with one of these names, in whatever schema.
pub async fn catalog(session: &mut Session, names: &[String]) -> Result<Catalog> {
    let server: ServerFacts = server(session).await?;
    let sql = with_operators(include_str!("../../sql/introspect/tables.sql"));
    let mut tables: Vec<Table> = session.rows("reading the catalog", &sql, &[Arg::Texts(names.to_vec())]).await?;
    tables.iter_mut().for_each(Table::find_zones);
    Ok(Catalog { server, tables })
}

/// A query that asks for the operators of a type.
fn with_operators(query: &'static str) -> Sql {
    let operators = Sql::constant(include_str!("../../sql/introspect/operators.sql"));
    Sql::fill(query, &[("operators", &operators)])
}

pub async fn server(session: &mut Session) -> Result<ServerFacts> {
    let sql = Sql::constant(include_str!("../../sql/introspect/server.sql"));
    let mut facts: ServerFacts = session.one("reading the server's facts", &sql, &[]).await?;
    facts.search_path.clone_from(&session.role_path);
    Ok(facts)
}

/// Every object of one schema with its definition.
pub async fn objects(session: &mut Session, schema: &Ident) -> Result<Objects> {
    listed(session, schema, plan::objects_query(false)).await
}

/// Every object of the database with its definition and facts, but for the server's own and ours.
pub async fn every_object(session: &mut Session, schema: &Ident) -> Result<Objects> {
    listed(session, schema, plan::objects_query(true)).await
}

async fn listed(session: &mut Session, schema: &Ident, sql: Sql) -> Result<Objects> {
    let objects: Vec<Object> = session.rows("reading the schema's objects", &sql, &[schema.raw().into()]).await?;
    Ok(objects.into_iter().collect())
}

/// What the server knows of types by the names that a person wrote; an unknown one is left out.
pub async fn types(session: &mut Session, written: &[String]) -> Result<std::collections::BTreeMap<String, TypeShape>> {
    let sql = with_operators(include_str!("../../sql/introspect/types.sql"));
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
                    findings.extend(volatile(session, probe).await?);
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

/// Asks each question; one that cannot be answered of these rows is left to whoever evaluates them.
pub async fn answers(session: &mut Session, questions: &[Question]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for q in questions {
        session.savepoint().await?;
        match session.rows::<String>(&q.about, &q.sql, &[]).await {
            Ok(found) => {
                session.release_savepoint().await?;
                let one = |f: String| Finding::new(q.rule, q.severity, q.about.as_str(), f, q.todo.as_str());
                findings.extend(found.into_iter().map(one));
            }
            Err(Error::Refused { .. }) => session.back_to_savepoint().await?,
            Err(other) => return Err(other),
        }
    }
    Ok(findings)
}

/// The time, which the server calls stable, is another in the next run.
const TIMES: [&str; 11] = [
    "now",
    "transaction_timestamp",
    "statement_timestamp",
    "clock_timestamp",
    "timeofday",
    "age",
    "current_date",
    "current_time",
    "current_timestamp",
    "localtime",
    "localtimestamp",
];

/// A function that gives another value each time, where rows are told apart, ranked or left out by it.
async fn volatile(session: &mut Session, probe: &Probe) -> Result<Vec<Finding>> {
    let calls = probe.expr.calls();
    if probe.lasts == Lasts::Once || calls.is_empty() {
        return Ok(Vec::new());
    }
    let sql = Sql::constant(include_str!("../../sql/introspect/volatile.sql"));
    let found: Vec<(String, bool)> =
        session.rows("looking for volatile functions", &sql, &[Arg::Texts(calls.clone())]).await?;
    let mut out = Vec::new();
    let mut say = |severity, found: String, todo: &str| {
        out.push(Finding::new("volatile-expression", severity, probe.about.as_str(), found, todo));
    };
    for (name, own) in found {
        let told = format!("`{}` is volatile: it may give another value each time", text::inert(&name));
        if own {
            say(Severity::Warning, told, "if it always gives the same, say so: alter function … immutable");
        } else {
            say(Severity::Refusal, told, "write an expression over the row's own columns");
        }
    }
    for name in calls.iter().filter(|c| probe.lasts == Lasts::Forever && TIMES.contains(&c.as_str())) {
        let told = format!("`{}` gives another value in the next run", text::inert(name));
        say(Severity::Refusal, told, "write an expression over the row's own columns");
    }
    Ok(out)
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

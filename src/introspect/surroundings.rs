//! What goes on around a run: other sessions, other runs, references, room, and a pooler in between.

use serde::Deserialize;

use crate::catalog::Surroundings;
use crate::error::Result;
use crate::pg::{Arg, Isolation, Server, Session, Settings};
use crate::preflight::Lacking;
use crate::sql::{Ident, Name, Sql};

/// Everything but the pooler, about these tables.
pub async fn surroundings(
    session: &mut Session,
    consolidation: &str,
    target: &Name,
    sources: &[Name],
) -> Result<Surroundings> {
    let connections = Sql::constant(include_str!("../../sql/introspect/connections.sql"));
    let sql = Sql::fill(include_str!("../../sql/introspect/surroundings.sql"), &[("connections", &connections)]);
    let names = sources.iter().map(Name::to_string).collect();
    let args = [Arg::Text(target.to_string()), Arg::Texts(names)];
    let mut found: Surroundings = session.one("looking around", &sql, &args).await?;
    if found.has_ledger {
        let runs = Sql::constant(include_str!("../../sql/introspect/open_runs.sql"));
        found.open_runs = session.rows("looking for other runs", &runs, &[consolidation.into()]).await?;
    }
    Ok(found)
}

/// The rights on mappings, ledger and schema that a run needs and we lack.
/// In the order of the statement: mappings, what they refer to, parents of target rows, names in enhancements.
pub async fn lacking(session: &mut Session, home: &Ident, tables: [Vec<String>; 4]) -> Result<Vec<Lacking>> {
    let sql = Sql::constant(include_str!("../../sql/introspect/rights.sql"));
    let [mappings, referred, parents, named] = tables.map(Arg::Texts);
    let args = [mappings, referred, home.raw().into(), parents, named];
    session.rows("asking for rights", &sql, &args).await
}

/// Where the server itself listens, if sessions do not stay on one server process: a pooler in transaction mode.
#[derive(Debug, Clone, Deserialize)]
pub struct Pooler {
    pub endpoint: Option<String>,
}

/// Two proofs, one is enough: the server process changes under a session, or another session sees its setting.
pub async fn pooler(server: &Server, session: &mut Session) -> Result<Option<Pooler>> {
    let token = session.backend.to_string();
    let set = Sql::constant("select set_config('pgfold.probe', $1, false)");
    let _: Option<String> = session.maybe("looking for a pooler", &set, &[token.as_str().into()]).await?;
    let mut other = server.open().await?;
    // a pooler gives the connection that was used last to whoever comes next
    other.begin(Isolation::RepeatableReadOnly, &Settings::new(Vec::new(), 0)).await?;
    let seen = Sql::constant("select coalesce(current_setting('pgfold.probe', true), '')");
    let seen: String = other.one("looking for a pooler", &seen, &[]).await?;
    let pid = Sql::constant("select pg_backend_pid()");
    let now: i32 = session.one("looking for a pooler", &pid, &[]).await?;
    let pooled = seen == token || now != session.backend;
    other.rollback().await?;
    let reset = Sql::constant("select set_config('pgfold.probe', '', false)");
    for s in [&mut other, session] {
        let _: Option<String> = s.maybe("looking for a pooler", &reset, &[]).await?;
    }
    other.close().await;
    if !pooled {
        return Ok(None);
    }
    Ok(Some(Pooler { endpoint: endpoint(session).await? }))
}

/// Where the server itself listens, if that can be seen.
pub async fn endpoint(session: &mut Session) -> Result<Option<String>> {
    let endpoint = Sql::constant(include_str!("../../sql/introspect/endpoint.sql"));
    session.one::<Pooler>("asking where the server listens", &endpoint, &[]).await.map(|p| p.endpoint)
}

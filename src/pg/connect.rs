//! From settings to a server that one can open sessions on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::postgres::PgConnection;

use super::arg::Arg;
use super::cancel::Backends;
use super::fault;
use super::libpq::{self, Host, Wanted};
use super::retry::{Answer, Backoff, answer};
use super::session::Session;
use crate::config::{Connection, Secret};
use crate::error::{Error, Result, ServerError};
use crate::sql::Sql;

/// How long a server that was there may be away.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where a server is, without its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub host: String,
    pub port: u16,
    pub user: String,
    pub database: String,
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "database `{}` on {}:{} as `{}`", self.database, self.host, self.port, self.user)
    }
}

/// A server that sessions can be opened on. Holds the password and therefore has no `Debug`.
#[derive(Clone)]
pub struct Server {
    /// Tried in this order until one does what is wanted.
    hosts: Vec<Host>,
    wanted: Wanted,
    patience: Duration,
    variables: Vec<(String, Secret)>,
    pub address: Address,
    /// The server processes that work for us now.
    pub(super) backends: Backends,
    /// Whether a pooler in transaction mode is in between: nothing lasts longer than a transaction.
    pooled: Arc<AtomicBool>,
}

impl Server {
    /// Checks the settings, connects to nothing yet.
    pub fn new(connection: &Connection) -> Result<Server> {
        let resolved = libpq::resolve(connection)?;
        let Some(first) = resolved.hosts.first() else { return Err(Error::bug("a connection without a host")) };
        let address = first.address.clone();
        for warning in &resolved.warnings {
            tracing::warn!("{warning}");
        }
        Ok(Server {
            address,
            hosts: resolved.hosts,
            wanted: resolved.wanted,
            patience: resolved.patience,
            variables: resolved.variables,
            backends: Backends::default(),
            pooled: Arc::default(),
        })
    }

    /// The way here as variables of an environment, for the programs of PostgreSQL.
    pub fn variables(&self) -> &[(String, Secret)] {
        &self.variables
    }

    /// The same server, another database.
    pub fn database(&self, name: &str) -> Server {
        let mut other = self.clone();
        other.address.database = name.to_owned();
        for host in &mut other.hosts {
            host.options = host.options.clone().database(name);
            host.address.database = name.to_owned();
        }
        other.variables.retain(|(n, _)| n != "PGDATABASE");
        other.variables.push(("PGDATABASE".to_owned(), Secret::new(name)));
        other
    }

    pub fn is_pooled(&self) -> bool {
        self.pooled.load(Ordering::Relaxed)
    }

    /// From now on for all sessions of this server.
    pub fn goes_through_a_pooler(&self) {
        self.pooled.store(true, Ordering::Relaxed);
    }

    /// The first host that answers and does what `target_session_attrs` asks for.
    pub async fn open(&self) -> Result<Session> {
        let mut failed = None;
        let mut second_choice = None;
        for host in &self.hosts {
            let session = match self.open_on(host).await {
                Ok(session) => session,
                // as libpq: the next host only when this one cannot be reached
                Err(error) if self.hosts.len() > 1 && answer(&error, false) == Answer::Reconnect => {
                    failed = Some(error);
                    continue;
                }
                Err(error) => return Err(error),
            };
            match self.suits(session).await? {
                Ok(session) => return Ok(session),
                Err(session) if self.wanted == Wanted::PreferStandby && second_choice.is_none() => {
                    second_choice = Some(session);
                }
                Err(session) => session.close().await,
            }
        }
        if let Some(session) = second_choice {
            return Ok(session);
        }
        Err(failed.unwrap_or_else(|| Error::CannotConnect {
            whereto: self.address.to_string(),
            server: ServerError {
                code: "25006".to_owned(),
                message: "no host is what `target_session_attrs` asks for".to_owned(),
                ..ServerError::default()
            }
            .into(),
            hint: "name the right host, or another `target_session_attrs`".to_owned(),
        }))
    }

    /// The session itself when it suits, else in the error.
    async fn suits(&self, mut session: Session) -> Result<std::result::Result<Session, Session>> {
        if self.wanted == Wanted::Any {
            return Ok(Ok(session));
        }
        let asked = Sql::constant(
            "select pg_catalog.pg_is_in_recovery() as in_recovery, \
             pg_catalog.current_setting('default_transaction_read_only')::boolean as read_only",
        );
        let state: std::collections::BTreeMap<String, bool> =
            session.one("asking what the server is", &asked, &[]).await?;
        let is = |name: &str| state.get(name).copied().unwrap_or_default();
        Ok(if self.wanted.takes(is("in_recovery"), is("read_only")) { Ok(session) } else { Err(session) })
    }

    async fn open_on(&self, host: &Host) -> Result<Session> {
        let connecting = PgConnection::connect_with(&host.options);
        match tokio::time::timeout(self.patience, connecting).await {
            Ok(Ok(connection)) => Session::new(connection, self.clone()).await,
            Ok(Err(error)) => Err(cannot_connect(&host.address, error)),
            Err(_) => Err(unreachable(&host.address, format!("no answer within {} s", self.patience.as_secs()))),
        }
    }

    /// Opens a session on a server that was there a moment ago: waits while it restarts.
    pub async fn open_again(&self) -> Result<Session> {
        let mut backoff = Backoff::new(u64::from(std::process::id()));
        let began = std::time::Instant::now();
        loop {
            match self.open().await {
                Err(error) if answer(&error, false) == Answer::Reconnect && began.elapsed() < PATIENCE => {
                    tokio::time::sleep(backoff.wait().min(std::time::Duration::from_secs(2))).await;
                }
                other => return other,
            }
        }
    }

    /// The server processes that work for this process now.
    pub fn working(&self) -> Vec<i32> {
        self.backends.now()
    }

    /// Cancels on the server whatever runs for us there, through a connection of its own; how much was cancelled.
    pub async fn cancel_all(&self) -> Result<u64> {
        let backends = self.backends.now();
        let mut session = self.open().await?;
        let mine = Sql::constant("select pg_cancel_backend($1::bigint::int)");
        let mut cancelled = 0;
        for backend in backends {
            let done: bool = session.one("cancelling", &mine, &[Arg::Int(backend.into())]).await?;
            cancelled += u64::from(done);
        }
        session.close().await;
        Ok(cancelled)
    }
}

fn unreachable(address: &Address, message: String) -> Error {
    Error::CannotConnect {
        whereto: address.to_string(),
        server: ServerError { message, ..ServerError::default() }.into(),
        hint: "is the server running, and are host and port right? try `psql` with the same settings".to_owned(),
    }
}

fn cannot_connect(address: &Address, error: sqlx::Error) -> Error {
    let server = match &error {
        sqlx::Error::Database(database) => database.try_downcast_ref().map(fault::server_error),
        // the server was reached, and is not believed
        sqlx::Error::Tls(_) => {
            return Error::CannotConnect {
                whereto: address.to_string(),
                server: ServerError { code: "08P01".to_owned(), message: error.to_string(), ..ServerError::default() }
                    .into(),
                hint: "check `sslmode`, `sslrootcert` and the server's certificate; try `psql` with the same settings"
                    .to_owned(),
            };
        }
        _ => None,
    };
    let Some(server) = server else { return unreachable(address, error.to_string()) };
    let hint = match server.code.as_str() {
        "28P01" => "the password is wrong: check DATABASE_URL, PGPASSWORD or ~/.pgpass",
        "28000" => "pg_hba.conf does not let this user in from here, or the role does not exist",
        "3D000" => "there is no such database: `psql -l` lists those that are",
        "53300" => "all connections are taken: end some, or raise max_connections",
        _ => "try `psql` with the same settings",
    };
    Error::CannotConnect { whereto: address.to_string(), server: server.into(), hint: hint.to_owned() }
}

use sqlx::Connection as _;

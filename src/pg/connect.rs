//! From settings to a server that one can open sessions on.

use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};

use super::arg::Arg;
use super::cancel::Backends;
use super::fault;
use super::retry::{Answer, Backoff, answer};
use super::session::Session;
use crate::config::Connection;
use crate::error::{Error, Result, ServerError};
use crate::sql::Sql;

/// How long a server that was there may be away.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

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
    options: PgConnectOptions,
    pub address: Address,
    /// The server processes that work for us now.
    pub(super) backends: Backends,
    /// Whether a pooler in transaction mode is in between: nothing lasts longer than a transaction.
    pooled: Arc<AtomicBool>,
}

impl Server {
    /// Checks the settings, connects to nothing yet.
    pub fn new(connection: &Connection) -> Result<Server> {
        let options = match &connection.url {
            Some(url) => {
                let options = PgConnectOptions::from_str(url.reveal()).map_err(|_| not_a_url(connection))?;
                let scheme = url.reveal().split("://").next().unwrap_or_default();
                if !matches!(scheme, "postgres" | "postgresql") {
                    return Err(not_a_url(connection));
                }
                // a flag wins over the environment
                if !connection.typed {
                    agree(&options, connection)?;
                }
                options
            }
            None => from_libpq(connection)?,
        };
        let options = options
            .application_name("pgfold")
            .extra_float_digits(None)
            .statement_cache_capacity(0)
            .disable_statement_logging();
        let host = match options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => options.get_host().to_owned(),
        };
        let user = options.get_username().to_owned();
        let database = options.get_database().unwrap_or(&user).to_owned();
        let address = Address { host, port: options.get_port(), user, database };
        Ok(Server { options, address, backends: Backends::default(), pooled: Arc::default() })
    }

    /// The same server, another database.
    pub fn database(&self, name: &str) -> Server {
        let address = Address { database: name.to_owned(), ..self.address.clone() };
        Server { options: self.options.clone().database(name), address, ..self.clone() }
    }

    pub fn is_pooled(&self) -> bool {
        self.pooled.load(Ordering::Relaxed)
    }

    /// From now on for all sessions of this server.
    pub fn goes_through_a_pooler(&self) {
        self.pooled.store(true, Ordering::Relaxed);
    }

    pub async fn open(&self) -> Result<Session> {
        let connecting = PgConnection::connect_with(&self.options);
        let patience = std::time::Duration::from_secs(15);
        match tokio::time::timeout(patience, connecting).await {
            Ok(Ok(connection)) => Session::new(connection, self.clone()).await,
            Ok(Err(error)) => Err(self.cannot_connect(error)),
            Err(_) => Err(self.unreachable("no answer within 15 s".to_owned())),
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

    fn unreachable(&self, message: String) -> Error {
        Error::CannotConnect {
            whereto: self.address.to_string(),
            server: ServerError { message, ..ServerError::default() }.into(),
            hint: "is the server running, and are host and port right? try `psql` with the same settings".to_owned(),
        }
    }

    fn cannot_connect(&self, error: sqlx::Error) -> Error {
        let sqlx::Error::Database(database) = &error else {
            return self.unreachable(error.to_string());
        };
        let Some(pg) = database.try_downcast_ref() else { return self.unreachable(error.to_string()) };
        let server = fault::server_error(pg);
        let hint = match server.code.as_str() {
            "28P01" => "the password is wrong: check DATABASE_URL, PGPASSWORD or ~/.pgpass",
            "28000" => "pg_hba.conf does not let this user in from here, or the role does not exist",
            "3D000" => "there is no such database: `psql -l` lists those that are",
            "53300" => "all connections are taken: end some, or raise max_connections",
            _ => "try `psql` with the same settings",
        };
        Error::CannotConnect { whereto: self.address.to_string(), server: server.into(), hint: hint.to_owned() }
    }
}

use sqlx::Connection as _;

fn not_a_url(connection: &Connection) -> Error {
    let said = if connection.typed { "`--database-url`" } else { "DATABASE_URL" };
    Error::Configuration {
        what: format!("{said} is not a PostgreSQL URL"),
        mistakes: Vec::new(),
        hint: "postgres://user:password@host:5432/database, special characters percent-encoded".to_owned(),
    }
}

/// `DATABASE_URL` and `PG*` that name different things: refused, both named, the password not shown.
fn agree(options: &PgConnectOptions, connection: &Connection) -> Result<()> {
    let port = options.get_port().to_string();
    let socket = options.get_socket().map(|s| s.display().to_string());
    let in_url = [
        ("PGHOST", Some(socket.as_deref().unwrap_or(options.get_host()))),
        ("PGPORT", Some(port.as_str())),
        ("PGUSER", Some(options.get_username())),
        ("PGDATABASE", options.get_database()),
    ];
    let mut mistakes = Vec::new();
    for (name, url) in in_url {
        if let (Some(variable), Some(url)) = (connection.libpq.get(name), url)
            && variable.reveal() != url
        {
            mistakes.push(format!("`{name}` is `{}`, DATABASE_URL says `{url}`", variable.reveal()));
        }
    }
    if mistakes.is_empty() {
        return Ok(());
    }
    Err(Error::Configuration {
        what: "DATABASE_URL and PG* disagree".to_owned(),
        mistakes,
        hint: "unset one of the two".to_owned(),
    })
}

fn from_libpq(connection: &Connection) -> Result<PgConnectOptions> {
    let get = |name: &str| connection.libpq.get(name).map(|v| v.reveal());
    let mut options = PgConnectOptions::new();
    if let Some(host) = get("PGHOSTADDR").or_else(|| get("PGHOST")) {
        options = if host.starts_with('/') { options.socket(host) } else { options.host(host) };
    }
    if let Some(port) = get("PGPORT") {
        let port = port.parse().map_err(|_| Error::Configuration {
            what: "`PGPORT` is not a port".to_owned(),
            mistakes: Vec::new(),
            hint: "PGPORT=5432".to_owned(),
        })?;
        options = options.port(port);
    }
    if let Some(user) = get("PGUSER") {
        options = options.username(user);
    }
    if let Some(password) = get("PGPASSWORD") {
        options = options.password(password);
    }
    if let Some(database) = get("PGDATABASE") {
        options = options.database(database);
    }
    if let Some(mode) = get("PGSSLMODE") {
        let mode = PgSslMode::from_str(mode).map_err(|_| Error::Configuration {
            what: "`PGSSLMODE` is not a mode".to_owned(),
            mistakes: Vec::new(),
            hint: "disable, allow, prefer, require, verify-ca or verify-full".to_owned(),
        })?;
        options = options.ssl_mode(mode);
    }
    if let Some(root) = get("PGSSLROOTCERT") {
        options = options.ssl_root_cert(root);
    }
    Ok(options)
}

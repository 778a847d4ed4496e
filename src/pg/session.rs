//! One connection: queries that come back as values, transactions, savepoints and COPY.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{Connection, Executor, Row};

use super::arg::{Arg, bound};
use super::cancel::Listed;
use super::connect::Server;
use super::decode::{Texts, decode};
use super::fault::{lost, translate};
use super::nested::{Nested, leaves_open};
use super::sent::sent;
use super::settings::{Isolation, Settings};
use crate::error::{Error, Result};
use crate::sql::Sql;

/// One connection to the server.
pub struct Session {
    connection: PgConnection,
    /// The server process behind it, for cancelling and for the lease.
    pub backend: i32,
    /// The schemas that the role itself would search, in order.
    pub role_path: Vec<String>,
    /// How long the last statement took, its failure included.
    pub took: Duration,
    server: Server,
    /// After this nobody waits for an answer any more; the server's own timeouts are shorter.
    patience: Duration,
    in_transaction: bool,
    /// Every transaction is a savepoint of one that is rolled back in the end; whether one of them is open.
    pub(super) rehearsal: Option<Nested>,
    /// Set once an answer was lost: what such a connection says next belongs to another question.
    lost: bool,
    _listed: Option<Listed>,
}

/// A transaction without further settings. Where a server, database or role quotes every name, types would not be known
/// by theirs; it lasts as long as the transaction does, so that nothing of it stays behind in a pooler's connection.
const BEGAN: &str = "begin;\nset local quote_all_identifiers = off";

/// An answer that takes longer never comes: a statement's own timeout is ten minutes unless it was set.
const PATIENCE: Duration = Duration::from_secs(4 * 3600);

impl Session {
    pub(super) async fn new(connection: PgConnection, server: Server) -> Result<Session> {
        let mut session = Session {
            connection,
            backend: 0,
            role_path: Vec::new(),
            took: Duration::ZERO,
            server,
            patience: PATIENCE,
            lost: false,
            in_transaction: false,
            rehearsal: None,
            _listed: None,
        };
        session.greet().await?;
        session._listed = Some(session.server.backends.list(session.backend));
        Ok(session)
    }

    /// What has to be known before anything else. The one statement that runs under the role's own path: all of it is
    /// qualified.
    async fn greet(&mut self) -> Result<()> {
        let greeting =
            "select pg_catalog.pg_backend_pid()::pg_catalog.text, pg_catalog.current_schemas(false)::pg_catalog.text[]";
        // one exchange: behind a pooler a second might reach another server process
        let row = self.ask("asking for the backend", async |c| sqlx::raw_sql(sent(greeting)).fetch_one(c).await);
        let row = row.await?;
        let read = |e: sqlx::Error| translate("asking for the backend", e);
        let backend: String = row.try_get(0).map_err(read)?;
        self.backend = backend.parse().map_err(|_| Error::bug("the server process has no number"))?;
        self.role_path = row.try_get(1).map_err(read)?;
        Ok(())
    }

    /// A new connection in place of one that is lost; waits while the server restarts.
    pub async fn renew(&mut self) -> Result<()> {
        // what is left of the old one must not hold locks meanwhile
        self.lost = true;
        if self.rehearsal.is_some() {
            return Err(lost(
                "rehearsing",
                "the connection of the rehearsal was lost, and with it all it did".to_owned(),
            ));
        }
        let patience = self.patience;
        *self = self.server.clone().open_again().await?;
        self.patience = patience;
        Ok(())
    }

    /// Another connection to the same server, as patient as this one.
    pub async fn sister(&self) -> Result<Session> {
        let mut sister = self.server.open_again().await?;
        sister.patience = self.patience;
        Ok(sister)
    }

    /// Answers are waited for a little longer than the server lets a statement run.
    pub fn wait_for(&mut self, statement_timeout_ms: u64) {
        self.patience = Duration::from_millis(statement_timeout_ms) + Duration::from_secs(30);
    }

    pub fn is_lost(&self) -> bool {
        self.lost
    }

    /// Asks, keeps the time, and never again uses a connection whose answer did not come whole.
    async fn ask<T>(
        &mut self,
        doing: &str,
        question: impl AsyncFnOnce(&mut PgConnection) -> std::result::Result<T, sqlx::Error>,
    ) -> Result<T> {
        if self.lost {
            return Err(lost(doing, "the connection was lost before".to_owned()));
        }
        let began = Instant::now();
        // a future that is dropped on the way leaves an answer in the connection
        self.lost = true;
        let answer = tokio::time::timeout(self.patience, question(&mut self.connection)).await;
        self.took = began.elapsed();
        let answer = match answer {
            Ok(answer) => answer.map_err(|e| translate(doing, e)),
            Err(_) => return Err(lost(doing, format!("no answer within {} s", self.patience.as_secs()))),
        };
        self.lost = matches!(answer, Err(Error::ConnectionLost { .. }));
        answer
    }

    /// The rows of a plain query as values: an object per row, or the value itself where a row has one column.
    pub async fn rows<T: DeserializeOwned>(&mut self, doing: &str, sql: &Sql, args: &[Arg]) -> Result<Vec<T>> {
        let wrapped =
            Sql::fill("select pg_catalog.to_jsonb(pgfold_row)::text from (${query}\n) pgfold_row", &[("query", sql)]);
        let rows = self.whole(doing, wrapped.as_str(), args).await?;
        rows.iter().map(|row| decode(doing, row)).collect()
    }

    /// Each row of a plain query, one after the other, without keeping any.
    pub async fn each(
        &mut self,
        doing: &str,
        sql: &Sql,
        args: &[Arg],
        mut taker: impl FnMut(serde_json::Value) -> Result<()>,
    ) -> Result<()> {
        let wrapped =
            Sql::fill("select pg_catalog.to_jsonb(pgfold_row)::text from (${query}\n) pgfold_row", &[("query", sql)]);
        self.stream(doing, wrapped.as_str(), args, |row| decode(doing, row).and_then(&mut taker)).await
    }

    /// The same for a query whose columns are all text; nothing is wrapped into JSON on the way.
    pub async fn texts(
        &mut self,
        doing: &str,
        sql: &Sql,
        args: &[Arg],
        mut taker: impl FnMut(Texts) -> Result<()>,
    ) -> Result<()> {
        self.stream(doing, sql.as_str(), args, |row| taker(Texts::new(doing, row))).await
    }

    async fn stream(
        &mut self,
        doing: &str,
        text: &str,
        args: &[Arg],
        mut taker: impl FnMut(&PgRow) -> Result<()>,
    ) -> Result<()> {
        let mut failed = None;
        let mut take = |row: PgRow| {
            if failed.is_none() {
                failed = taker(&row).err();
            }
        };
        let asked = self.held(doing, args, async |c| {
            if args.is_empty() {
                let mut rows = sqlx::raw_sql(sent(text)).fetch(c);
                while let Some(row) = rows.next().await {
                    take(row?);
                }
                return Ok(());
            }
            let mut rows = bound(text, args).fetch(c);
            while let Some(row) = rows.next().await {
                take(row?);
            }
            Ok(())
        });
        asked.await?;
        failed.map_or(Ok(()), Err)
    }

    /// A statement with binds is two exchanges, and a pooler may give the second to a connection that holds somebody
    /// else's statement: outside of a transaction they get one of their own. Without binds it is one exchange.
    async fn held<T>(
        &mut self,
        doing: &str,
        args: &[Arg],
        question: impl AsyncFnOnce(&mut PgConnection) -> std::result::Result<T, sqlx::Error>,
    ) -> Result<T> {
        if args.is_empty() { self.ask(doing, question).await } else { self.kept_together(doing, question).await }
    }

    /// Several exchanges that must reach the same server process.
    async fn kept_together<T>(
        &mut self,
        doing: &str,
        question: impl AsyncFnOnce(&mut PgConnection) -> std::result::Result<T, sqlx::Error>,
    ) -> Result<T> {
        if self.in_transaction {
            return self.ask(doing, question).await;
        }
        self.script(doing, &Sql::constant(BEGAN)).await?;
        let answer = self.ask(doing, question).await;
        let took = self.took;
        match &answer {
            Ok(_) => self.script(doing, &Sql::constant("commit")).await?,
            Err(_) if self.lost => {}
            Err(_) => self.script(doing, &Sql::constant("rollback")).await?,
        }
        self.took = took;
        answer
    }

    async fn whole(&mut self, doing: &str, text: &str, args: &[Arg]) -> Result<Vec<PgRow>> {
        self.held(doing, args, async |c| match args {
            [] => sqlx::raw_sql(sent(text)).fetch_all(c).await,
            _ => bound(text, args).fetch_all(c).await,
        })
        .await
    }

    /// The rows of a statement that gives one `jsonb` text column by itself (`insert … returning`).
    pub async fn returning<T: DeserializeOwned>(&mut self, doing: &str, sql: &Sql, args: &[Arg]) -> Result<Vec<T>> {
        let rows = self.whole(doing, sql.as_str(), args).await?;
        rows.iter().map(|row| decode(doing, row)).collect()
    }

    /// The first row of a plain query.
    pub async fn maybe<T: DeserializeOwned>(&mut self, doing: &str, sql: &Sql, args: &[Arg]) -> Result<Option<T>> {
        Ok(self.rows(doing, sql, args).await?.into_iter().next())
    }

    /// The only row of a plain query.
    pub async fn one<T: DeserializeOwned>(&mut self, doing: &str, sql: &Sql, args: &[Arg]) -> Result<T> {
        let row = self.maybe(doing, sql, args).await?;
        row.ok_or_else(|| Error::bug(format!("no row came back while {doing}")))
    }

    /// One statement; the number of rows it changed.
    pub async fn execute(&mut self, doing: &str, sql: &Sql, args: &[Arg]) -> Result<u64> {
        #[cfg(feature = "planted")]
        super::sent::before(self, sql).await?;
        let text = sql.as_str();
        let done = self.held(doing, args, async |c| match args {
            [] => sqlx::raw_sql(sent(text)).execute(c).await,
            _ => bound(text, args).execute(c).await,
        });
        let done = done.await?;
        Ok(done.rows_affected())
    }

    /// Several statements at once, without binds.
    pub async fn script(&mut self, doing: &str, sql: &Sql) -> Result<()> {
        let left = leaves_open(sql.as_str());
        self.unbroken(doing, sql.as_str())?;
        let script = sqlx::raw_sql(sent(sql.as_str()));
        let ran = self.ask(doing, async |c| c.execute(script).await).await;
        // a script that failed on its way may have begun before it did
        self.in_transaction = match (&ran, left) {
            (Ok(_), Some(open)) => open,
            (Err(_), Some(_)) => true,
            (_, None) => self.in_transaction,
        };
        ran.map(|_| ())
    }

    /// Whether the server understands a query; nothing of it is run and no statement is left prepared.
    pub async fn understands(&mut self, doing: &str, sql: &Sql) -> Result<()> {
        let none = Sql::fill("select from (${q}) pgfold_q where false", &[("q", sql)]);
        let query = bound(none.as_str(), &[]);
        self.kept_together(doing, async |c| query.execute(c).await).await?;
        Ok(())
    }

    /// Runs a query and counts what comes back, row by row, without keeping any. It goes by the extended protocol, where
    /// the server itself refuses a second statement behind the first.
    pub async fn drain(&mut self, doing: &str, sql: &Sql) -> Result<u64> {
        self.unbroken(doing, sql.as_str())?;
        let query = bound(sql.as_str(), &[]);
        self.kept_together(doing, async |c| {
            let mut stream = query.fetch(c);
            let mut rows = 0;
            while let Some(row) = stream.next().await {
                row?;
                rows += 1;
            }
            Ok(rows)
        })
        .await
    }

    /// Begins a transaction with its settings.
    pub async fn begin(&mut self, isolation: Isolation, settings: &Settings) -> Result<()> {
        let begin = match isolation {
            _ if self.rehearsal.is_some() => {
                self.rehearsal = Some(Nested::Open);
                "savepoint pgfold_rehearsed;\n"
            }
            Isolation::ReadCommitted => "begin isolation level read committed read write;\n",
            Isolation::RepeatableReadOnly => "begin isolation level repeatable read read only;\n",
        };
        let script =
            Sql::fill("${begin}${settings}", &[("begin", &Sql::constant(begin)), ("settings", &settings.sql())]);
        self.in_transaction = true;
        self.script("beginning a transaction", &script).await?;
        if self.server.is_pooled() {
            // only for this transaction the server process is ours to be cancelled
            self.backend = self.one("asking for the backend", &Sql::constant("select pg_backend_pid()"), &[]).await?;
            self._listed = Some(self.server.backends.list(self.backend));
        }
        Ok(())
    }

    /// Begins a transaction of the ledger alone, which needs no settings.
    pub async fn begin_bare(&mut self) -> Result<()> {
        if self.rehearsal.is_some() {
            self.rehearsal = Some(Nested::Open);
            return self.script("beginning a transaction", &Sql::constant("savepoint pgfold_rehearsed")).await;
        }
        self.in_transaction = true;
        self.script("beginning a transaction", &Sql::constant(BEGAN)).await
    }

    pub async fn commit(&mut self) -> Result<()> {
        if let Some(done) = self.end_nested("committing", "release savepoint pgfold_rehearsed").await {
            return done;
        }
        self.in_transaction = false;
        self.no_longer_listed();
        self.script("committing", &Sql::constant("commit")).await
    }

    pub async fn rollback(&mut self) -> Result<()> {
        let back = "rollback to savepoint pgfold_rehearsed; release savepoint pgfold_rehearsed";
        if let Some(done) = self.end_nested("rolling back", back).await {
            return done;
        }
        self.in_transaction = false;
        self.no_longer_listed();
        self.script("rolling back", &Sql::constant("rollback")).await
    }

    /// Behind a pooler the server process works for somebody else from now on.
    fn no_longer_listed(&mut self) {
        if self.server.is_pooled() {
            self._listed = None;
        }
    }

    pub fn is_pooled(&self) -> bool {
        self.server.is_pooled()
    }

    pub async fn savepoint(&mut self) -> Result<()> {
        self.script("setting a savepoint", &Sql::constant("savepoint pgfold")).await
    }

    pub async fn back_to_savepoint(&mut self) -> Result<()> {
        self.script("going back", &Sql::constant("rollback to savepoint pgfold; release savepoint pgfold")).await
    }

    pub async fn release_savepoint(&mut self) -> Result<()> {
        self.script("going on", &Sql::constant("release savepoint pgfold")).await
    }

    /// `copy (…) to stdout` into the sink, piece by piece.
    pub async fn copy_out(
        &mut self,
        doing: &str,
        sql: &Sql,
        mut sink: impl FnMut(&[u8]) -> std::io::Result<()>,
    ) -> Result<()> {
        let mut failed = None;
        let alone = !self.in_transaction && self.rehearsal.is_none();
        if alone {
            self.begin_bare().await?;
        }
        let copied = self.ask(doing, async |c| {
            let mut stream = c.copy_out_raw(sql.as_str()).await?;
            while let Some(piece) = stream.next().await {
                let piece = piece?;
                if failed.is_none() {
                    failed = sink(&piece).err();
                }
            }
            Ok(())
        });
        let copied = copied.await;
        if alone && !self.lost {
            self.rollback().await?;
        }
        copied?;
        failed.map_or(Ok(()), |e| Err(Error::file("write", std::path::Path::new(doing), e)))
    }

    /// Says goodbye to the server; a connection that is only dropped lingers there.
    pub async fn close(self) {
        if !self.lost {
            // nothing is left to be done for a connection that cannot even say goodbye
            let _ = tokio::time::timeout(Duration::from_secs(5), self.connection.close()).await;
        }
    }
}

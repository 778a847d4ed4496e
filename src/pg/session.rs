//! One connection: queries that come back as values, transactions, savepoints and COPY.

use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection, Executor, Row, Statement, TypeInfo};

use super::fault::translate;
use super::settings::{Isolation, Settings};
use crate::error::{Error, Result};
use crate::sql::Sql;

/// A value bound to `$1`, `$2`, …; the SQL casts it where another type is meant.
#[derive(Debug, Clone)]
pub enum Arg {
    Text(String),
    OptionalText(Option<String>),
    Texts(Vec<String>),
    Int(i64),
    Bool(bool),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Arg {
        Arg::Text(text.to_owned())
    }
}

/// One connection to the server.
pub struct Session {
    connection: PgConnection,
    /// The server process behind it, for cancelling and for the lease.
    pub backend: i32,
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments>;

/// The one place where built text is declared safe: it comes from `Sql` alone.
fn bound<'q>(text: String, args: &[Arg]) -> Query<'q> {
    let mut query = sqlx::query(AssertSqlSafe(text)).persistent(false);
    for arg in args {
        query = match arg.clone() {
            Arg::Text(v) => query.bind(v),
            Arg::OptionalText(v) => query.bind(v),
            Arg::Texts(v) => query.bind(v),
            Arg::Int(v) => query.bind(v),
            Arg::Bool(v) => query.bind(v),
        };
    }
    query
}

impl Session {
    pub(super) async fn new(connection: PgConnection) -> Result<Session> {
        let mut session = Session { connection, backend: 0 };
        session.backend = session.one("asking for the backend", &Sql::constant("select pg_backend_pid()"), &[]).await?;
        Ok(session)
    }

    /// The rows of a plain query as values: an object per row, or the value itself where a row has one column.
    pub async fn rows<T: DeserializeOwned>(&mut self, doing: &str, sql: &Sql, args: &[Arg]) -> Result<Vec<T>> {
        let wrapped = Sql::fill("select to_jsonb(pgfold_row)::text from (${query}\n) pgfold_row", &[("query", sql)]);
        let rows = bound(wrapped.as_str().to_owned(), args)
            .fetch_all(&mut self.connection)
            .await
            .map_err(|e| translate(doing, e))?;
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
        let wrapped = Sql::fill("select to_jsonb(pgfold_row)::text from (${query}\n) pgfold_row", &[("query", sql)]);
        let mut rows = bound(wrapped.as_str().to_owned(), args).fetch(&mut self.connection);
        while let Some(row) = rows.next().await {
            taker(decode(doing, &row.map_err(|e| translate(doing, e))?)?)?;
        }
        Ok(())
    }

    /// The rows of a statement that gives one `jsonb` text column by itself (`insert … returning`).
    pub async fn returning<T: DeserializeOwned>(&mut self, doing: &str, sql: &Sql, args: &[Arg]) -> Result<Vec<T>> {
        let query = bound(sql.as_str().to_owned(), args);
        let rows = query.fetch_all(&mut self.connection).await.map_err(|e| translate(doing, e))?;
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
        let query = bound(sql.as_str().to_owned(), args);
        let done = query.execute(&mut self.connection).await.map_err(|e| translate(doing, e))?;
        Ok(done.rows_affected())
    }

    /// Several statements at once, without binds.
    pub async fn script(&mut self, doing: &str, sql: &Sql) -> Result<()> {
        let script = sqlx::raw_sql(AssertSqlSafe(sql.as_str().to_owned()));
        self.connection.execute(script).await.map_err(|e| translate(doing, e))?;
        Ok(())
    }

    /// Column names and types of a query, without running it.
    pub async fn describe(&mut self, doing: &str, sql: &Sql) -> Result<Vec<(String, String)>> {
        let text = sqlx::SqlSafeStr::into_sql_str(AssertSqlSafe(sql.as_str().to_owned()));
        let prepared = (&mut self.connection).prepare(text).await.map_err(|e| translate(doing, e))?;
        let columns = prepared.columns().iter();
        Ok(columns
            .map(|c| (sqlx::Column::name(c).to_owned(), sqlx::Column::type_info(c).name().to_lowercase()))
            .collect())
    }

    /// Runs a query and counts what comes back, row by row, without keeping any.
    pub async fn drain(&mut self, doing: &str, sql: &Sql) -> Result<u64> {
        let mut stream = sqlx::raw_sql(AssertSqlSafe(sql.as_str().to_owned())).fetch(&mut self.connection);
        let mut rows = 0;
        while let Some(row) = stream.next().await {
            row.map_err(|e| translate(doing, e))?;
            rows += 1;
        }
        Ok(rows)
    }

    /// Begins a transaction with its settings.
    pub async fn begin(&mut self, isolation: Isolation, settings: &Settings) -> Result<()> {
        let begin = match isolation {
            Isolation::ReadCommitted => "begin isolation level read committed read write;\n",
            Isolation::RepeatableReadOnly => "begin isolation level repeatable read read only;\n",
        };
        let script =
            Sql::fill("${begin}${settings}", &[("begin", &Sql::constant(begin)), ("settings", &settings.sql())]);
        self.script("beginning a transaction", &script).await
    }

    pub async fn commit(&mut self) -> Result<()> {
        self.script("committing", &Sql::constant("commit")).await
    }

    pub async fn rollback(&mut self) -> Result<()> {
        self.script("rolling back", &Sql::constant("rollback")).await
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
        let mut stream = self.connection.copy_out_raw(sql.as_str()).await.map_err(|e| translate(doing, e))?;
        while let Some(piece) = stream.next().await {
            let piece = piece.map_err(|e| translate(doing, e))?;
            sink(&piece).map_err(|e| Error::File {
                doing: "write".to_owned(),
                path: doing.to_owned(),
                why: e.to_string(),
            })?;
        }
        Ok(())
    }

    /// Says goodbye to the server; a connection that is only dropped lingers there.
    pub async fn close(self) {
        // nothing is left to be done for a connection that cannot even say goodbye
        let _ = self.connection.close().await;
    }
}

fn decode<T: DeserializeOwned>(doing: &str, row: &sqlx::postgres::PgRow) -> Result<T> {
    let text: String = row.try_get(0).map_err(|e| translate(doing, e))?;
    let value: serde_json::Value =
        serde_json::from_str(&text).map_err(|e| Error::bug(format!("unreadable row while {doing}: {e}")))?;
    // a query of one column gives the value itself, so that `one::<i64>` reads as it should
    if let serde_json::Value::Object(fields) = &value
        && fields.len() == 1
        && let Ok(only) = T::deserialize(fields.values().next().cloned().unwrap_or_default())
    {
        return Ok(only);
    }
    T::deserialize(value).map_err(|e| Error::bug(format!("unexpected row while {doing}: {e}")))
}

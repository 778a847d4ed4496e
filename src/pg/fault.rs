//! The driver's errors as ours.

use sqlx::postgres::PgDatabaseError;

use crate::error::{Error, ServerError};

/// What the driver said while we were `doing` something.
pub fn translate(doing: &str, error: sqlx::Error) -> Error {
    match &error {
        sqlx::Error::Database(database) => match database.try_downcast_ref::<PgDatabaseError>() {
            Some(pg) => {
                let server = server_error(pg);
                // The server says goodbye in an error before it closes the connection.
                if server.code.starts_with("57P0") || server.code.starts_with("08") {
                    Error::ConnectionLost { doing: doing.to_owned(), why: server.safe(), code: server.code }
                } else {
                    Error::Refused { doing: doing.to_owned(), server: server.into() }
                }
            }
            None => Error::bug(format!("a database error of another kind while {doing}")),
        },
        sqlx::Error::Io(e) => lost(doing, e.to_string()),
        sqlx::Error::Protocol(e) => lost(doing, e.clone()),
        sqlx::Error::Tls(e) => lost(doing, e.to_string()),
        // a connection that was cut in the middle of a message
        sqlx::Error::Decode(e) => lost(doing, e.to_string()),
        other => Error::bug(format!("{other} while {doing}")),
    }
}

/// Gone without a word of the server.
pub fn lost(doing: &str, why: String) -> Error {
    Error::ConnectionLost { doing: doing.to_owned(), why, code: String::new() }
}

pub fn server_error(pg: &PgDatabaseError) -> ServerError {
    ServerError {
        code: pg.code().to_owned(),
        message: pg.message().to_owned(),
        detail: pg.detail().map(str::to_owned),
        hint: pg.hint().map(str::to_owned),
        constraint: pg.constraint().map(str::to_owned),
        column: pg.column().map(str::to_owned),
        table: pg.table().map(str::to_owned),
        context: pg.r#where().map(str::to_owned),
        rowless: false,
    }
}

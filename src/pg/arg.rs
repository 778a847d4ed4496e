//! What is bound to the parameters of a statement.

use super::sent::sent;

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

type Query<'q> = sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments>;

/// The statement with its values; none is copied but into what is sent.
pub(super) fn bound<'q>(text: &str, args: &'q [Arg]) -> Query<'q> {
    let mut query = sqlx::query(sent(text)).persistent(false);
    for arg in args {
        query = match arg {
            Arg::Text(v) => query.bind(v.as_str()),
            Arg::OptionalText(v) => query.bind(v.as_deref()),
            Arg::Texts(v) => query.bind(v.as_slice()),
            Arg::Int(v) => query.bind(*v),
            Arg::Bool(v) => query.bind(*v),
        };
    }
    query
}

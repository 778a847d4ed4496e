//! The one place where built text is declared safe: it comes from `Sql` alone.

use sqlx::AssertSqlSafe;

/// As the server gets it.
pub fn sent(text: &str) -> AssertSqlSafe<String> {
    #[cfg(feature = "planted")]
    let text = &crate::sql::planted::planted(text);
    AssertSqlSafe(text.to_owned())
}

/// What a planted bug does before the statement.
#[cfg(feature = "planted")]
pub async fn before(session: &mut super::Session, sql: &crate::sql::Sql) -> crate::error::Result<()> {
    match crate::sql::planted::planted_before(sql.as_str()) {
        Some(script) => session.script("doing what is planted", &script).await,
        None => Ok(()),
    }
}

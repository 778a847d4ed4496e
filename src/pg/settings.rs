//! The settings that every transaction of ours begins with, so that nothing depends on a role's or a database's own.

use crate::sql::{Ident, Literal, Sql};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Isolation {
    /// For writing: `on conflict do nothing` raises 40001 in any higher level.
    ReadCommitted,
    /// For a dry run: the server itself refuses to write.
    RepeatableReadOnly,
}

/// Per-transaction settings (`set local`).
#[derive(Debug, Clone)]
pub struct Settings {
    pub search_path: Vec<Ident>,
    pub lock_timeout_ms: u64,
    pub statement_timeout_ms: u64,
    /// The zone for timestamps without one; the source's own in its batches.
    pub timezone: String,
    /// The server checks that its client is still there (14 and later).
    pub checks_client: bool,
    /// The server may end a transaction that takes long by a setting of the role or the database (17 and later).
    pub ends_transactions: bool,
}

impl Settings {
    pub fn new(search_path: Vec<Ident>, server_version: i32) -> Settings {
        Settings {
            search_path,
            lock_timeout_ms: 5_000,
            statement_timeout_ms: 600_000,
            timezone: "UTC".to_owned(),
            checks_client: server_version >= 140_000,
            ends_transactions: server_version >= 170_000,
        }
    }

    pub fn in_zone(&self, timezone: Option<&str>) -> Settings {
        Settings { timezone: timezone.unwrap_or("UTC").to_owned(), ..self.clone() }
    }

    /// The `set local` statements; also what an emitted script begins with.
    pub fn sql(&self) -> Sql {
        let mut path: Vec<Ident> = self.search_path.clone();
        for name in ["public", "pg_temp"] {
            if !path.iter().any(|p| p.raw() == name) {
                path.push(Ident::of_the_server(name));
            }
        }
        let checks = match (self.checks_client, self.ends_transactions) {
            (true, true) => "set local client_connection_check_interval = '1s';\nset local transaction_timeout = 0;\n",
            (true, false) => "set local client_connection_check_interval = '1s';\n",
            (false, true) => "set local transaction_timeout = 0;\n",
            (false, false) => "",
        };
        Sql::fill(
            include_str!("../../sql/pg/settings.sql"),
            &[
                ("path", &Sql::join(", ", path)),
                ("lock_timeout", &(self.lock_timeout_ms as i64)),
                ("statement_timeout", &(self.statement_timeout_ms as i64)),
                ("timezone", &Literal::new(self.timezone.clone())),
                ("checks", &Sql::constant(checks)),
            ],
        )
    }
}

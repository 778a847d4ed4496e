//! What the server holds, as plain values; filled by `introspect`.

mod inventory;
mod objects;
mod surroundings;
mod table;
mod zoned;

pub use inventory::{ColumnProfile, Dependent};
pub use objects::{Change, Object, Objects};
pub use surroundings::{OpenRun, Surroundings};
pub use table::{Column, Constraint, ConstraintKind, Index, KeyPart, OrderOperators, Table, Trigger, TypeShape};
pub use zoned::{TypeParts, Zoned};

use serde::{Deserialize, Serialize};

use crate::sql::{Ident, TableRef};

/// The tables that a consolidation speaks of, and the server around them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Catalog {
    pub server: ServerFacts,
    pub tables: Vec<Table>,
}

/// Facts of the server and of who we are on it.
#[derive(Debug, Clone, Serialize, Deserialize, Default)]
pub struct ServerFacts {
    /// `server_version_num`, e.g. 150018.
    pub version: i32,
    pub version_text: String,
    pub database: String,
    /// Identifies the cluster; none where we may not ask.
    pub system_identifier: Option<String>,
    pub user: String,
    pub superuser: bool,
    pub bypasses_rls: bool,
    pub in_recovery: bool,
    pub read_only: bool,
    /// `replica` keeps triggers and foreign keys from firing.
    #[serde(default)]
    pub replication_role: String,
    pub encoding: String,
    /// The schemas of the search path that exist, in order.
    #[serde(default)]
    pub search_path: Vec<String>,
    /// Every schema and table one could have meant, for hints.
    pub known_tables: Vec<(String, String)>,
    /// Whether there is a ledger that we may read.
    pub has_ledger: bool,
    /// Whose ledger is there, readable or not.
    #[serde(default)]
    pub ledger: Option<LedgerRights>,
}

/// What we may do with the ledger that is there.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LedgerRights {
    pub owner: String,
    /// We have the owner's rights.
    pub ours: bool,
    pub readable: bool,
}

impl Catalog {
    /// The table that a manifest's reference means: its schema, else the first along the search path.
    pub fn table(&self, wanted: &TableRef) -> Option<&Table> {
        let named = |t: &&Table| t.name.name == wanted.name;
        match &wanted.schema {
            Some(schema) => self.tables.iter().filter(named).find(|t| t.name.schema == *schema),
            None => {
                let mut found: Vec<&Table> = self.tables.iter().filter(named).collect();
                let place = |t: &Table| self.server.search_path.iter().position(|s| s == t.name.schema.raw());
                found.sort_by_key(|t| place(t).unwrap_or(usize::MAX));
                found.into_iter().find(|t| place(t).is_some())
            }
        }
    }

    /// Where a table that does not exist yet would be created.
    pub fn home(&self) -> Ident {
        Ident::of_the_server(self.server.search_path.first().map_or("public", String::as_str))
    }
}

//! `consolidation.toml` as plain, checked values; it knows nothing of any database.

mod checks;
mod keys;
mod read;
mod schema;
mod suggest;
mod written;

pub use checks::{Bears, Checks, Slower};
pub use schema::schema;
pub use suggest::{Corrected, corrected};

use serde::{Deserialize, Serialize};

use crate::sql::{Expr, Ident, TableRef};

/// One consolidation as the DBA declared it.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// Under which the ledger knows it; its folder's name where nothing is said.
    pub name: Option<String>,
    pub target: Target,
    pub enhancements: Vec<Enhancement>,
    pub sources: Vec<Source>,
    pub mappings: Vec<Mapping>,
    /// Per source: the least and the most rows that may have arrived (inserted + unchanged).
    pub arrived: Vec<(String, (u64, u64))>,
    /// Roles under which each application query runs once more.
    pub query_roles: Vec<Ident>,
    /// Gates at which an automated run stops for a person.
    pub gates: Vec<String>,
    /// How much the checks bear.
    pub checks: Checks,
}

/// The table that everything folds into.
#[derive(Debug, Clone)]
pub struct Target {
    pub table: TableRef,
    /// The target's own row identity.
    pub id: Ident,
    /// The identity of a row across all sources.
    pub key: Ident,
    /// The key of rows that were there before.
    pub existing_key: Option<Expr>,
    pub soft_delete: Option<SoftDelete>,
    pub required: Vec<String>,
    /// Columns that change all day: left out of hashes and edit detection.
    pub ignore_changes: Vec<String>,
    pub secondary_key: Option<Expr>,
    pub on_secondary_match: OnSecondaryMatch,
    pub on_dead_match: OnDeadMatch,
    pub max_rejects: u64,
    /// Target triggers that the DBA has read and accepts.
    pub triggers: Vec<String>,
    /// Further schemas for the search path, after the target's and public.
    pub search_path: Vec<Ident>,
}

#[derive(Debug, Clone)]
pub struct SoftDelete {
    pub set: Vec<(Ident, Expr)>,
    pub live: Expr,
}

/// What to do with a row whose second identity the target has already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnSecondaryMatch {
    #[default]
    Report,
    Skip,
    Fail,
}

/// What to do with a row whose key or secondary key only a row holds that is not live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnDeadMatch {
    /// The legacy row is rejected.
    #[default]
    Fail,
    /// The legacy row is skipped, and counted.
    Skip,
    /// The row that is not live comes back to life with what the legacy row holds.
    Revive,
}

/// What to do with a row whose key the target held before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnDuplicate {
    #[default]
    Skip,
    /// Fill only what is null in the target.
    Merge,
    Fail,
}

/// One versioned change of the target schema.
#[derive(Debug, Clone)]
pub struct Enhancement {
    /// File name without `.up.sql`.
    pub file: String,
    /// False: exactly one statement outside a transaction.
    pub transaction: bool,
    pub adds: Vec<Added>,
    pub creates: Vec<Declared>,
    pub replaces: Vec<Declared>,
    /// Tables whose rows it may change, each with the columns.
    pub writes: Vec<Writes>,
    /// Whether it runs after the rows moved.
    pub after_rows: bool,
}

/// A table and its columns that an enhancement may write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writes {
    pub table: TableRef,
    pub columns: Vec<Ident>,
}

/// A declared column: `jsonb`, `boolean not null default false`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    pub table: TableRef,
    pub column: Ident,
    pub type_name: String,
    pub not_null: bool,
    pub default: Option<Expr>,
}

/// A declared object, in the words of the catalog: `index items_key`, `trigger t on x`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Declared {
    pub kind: ObjectKind,
    pub name: String,
    /// The table of a trigger, constraint or policy.
    pub on: Option<String>,
    /// A function's argument types as written.
    pub arguments: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ObjectKind {
    Table,
    Index,
    View,
    Function,
    Trigger,
    Constraint,
    Policy,
    Sequence,
    Type,
    Column,
}

impl ObjectKind {
    pub fn word(self) -> &'static str {
        match self {
            ObjectKind::Table => "table",
            ObjectKind::Index => "index",
            ObjectKind::View => "view",
            ObjectKind::Function => "function",
            ObjectKind::Trigger => "trigger",
            ObjectKind::Constraint => "constraint",
            ObjectKind::Policy => "policy",
            ObjectKind::Sequence => "sequence",
            ObjectKind::Type => "type",
            ObjectKind::Column => "column",
        }
    }
}

impl Declared {
    /// `trigger t on x`, `function f(text, integer)`.
    pub fn plain(&self) -> String {
        let mut out = format!("{} {}", self.kind.word(), self.name);
        if let Some(arguments) = &self.arguments {
            out.push_str(&format!("({arguments})"));
        }
        if let Some(on) = &self.on {
            out.push_str(&format!(" on {on}"));
        }
        out
    }
}

/// One legacy table.
#[derive(Debug, Clone)]
pub struct Source {
    pub table: TableRef,
    pub optional: bool,
    pub id: Vec<Ident>,
    pub key: Expr,
    /// Which of several rows with one key wins: the first in this order.
    pub winner: Vec<Ranked>,
    pub filter: Expr,
    pub on_duplicate: OnDuplicate,
    pub timezone: Option<String>,
    pub columns: Vec<ColumnRule>,
    pub unmapped: Option<Unmapped>,
    /// Column and the reason for dropping it.
    pub ignore: Vec<(String, String)>,
    /// Columns masked in diffs, files and reports.
    pub sensitive: Vec<String>,
}

/// One part of an order.
#[derive(Debug, Clone)]
pub struct Ranked {
    pub expr: Expr,
    pub descending: bool,
    /// Where nulls go; the server's own rule when nothing is said.
    pub nulls_first: Option<bool>,
}

/// How one target column gets its value.
#[derive(Debug, Clone)]
pub struct ColumnRule {
    pub column: Ident,
    pub value: Value,
}

#[derive(Debug, Clone)]
pub enum Value {
    Expr { expr: Expr, lossy: bool },
    Mapped { from: Expr, map: Vec<(String, String)>, default: Option<String>, default_at_most: Option<f64> },
}

impl Value {
    pub fn expr(&self) -> &Expr {
        match self {
            Value::Expr { expr, .. } => expr,
            Value::Mapped { from, .. } => from,
        }
    }
}

/// Where what is not mapped whole is kept: `into -> 'under'`, a jsonb object.
#[derive(Debug, Clone)]
pub struct Unmapped {
    pub into: Ident,
    pub under: String,
}

/// One mapping table between the target and something else.
#[derive(Debug, Clone)]
pub struct Mapping {
    pub name: String,
    pub table: TableRef,
    pub left: Ident,
    pub right: Right,
    pub primary: Option<Ident>,
    pub taxonomy: String,
    pub fallback_at_most: Option<f64>,
    pub required: bool,
    /// The jsonb column that receives confidence, rule and matched text.
    pub evidence: Option<Ident>,
    pub set: Vec<(Ident, Expr)>,
    pub signals: Signals,
}

#[derive(Debug, Clone)]
pub struct Right {
    pub column: Ident,
    pub table: TableRef,
    pub id: Ident,
    pub code: Ident,
    pub name: Ident,
}

/// Expressions over the target row, each with its label.
#[derive(Debug, Clone, Default)]
pub struct Signals {
    pub explicit: Vec<(String, Expr)>,
    pub rules: Vec<(String, Expr)>,
    pub text: Vec<(String, f64, Expr)>,
}

impl Manifest {
    /// Every mistake that can be seen without a database, at once.
    pub fn parse(text: &str) -> Result<Manifest, Vec<String>> {
        read::manifest(text)
    }

    pub fn mapping(&self, name: &str) -> Option<&Mapping> {
        self.mappings.iter().find(|m| m.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = r#"
[target]
table = "items"
key = "item_key"
[[enhancement]]
file = "0001_key"
adds.items = { item_key = "text", flag = "boolean not null default (1 = 1)" }
creates = ["index items_key", "function f(text, integer)", "trigger t on items"]
[[source]]
table = "old"
id = ["a", "b"]
key = "'O_' || a"
[source.columns]
name = "title"
state = { from = "status", map = { on = "true" }, default = "false" }
"#;

    #[test]
    fn a_small_manifest_is_read_whole() {
        let m = Manifest::parse(SMALL).unwrap();
        assert_eq!(m.sources[0].id.len(), 2);
        assert_eq!(m.enhancements[0].creates[1].arguments.as_deref(), Some("text, integer"));
        let flag = &m.enhancements[0].adds[1];
        assert!(flag.not_null);
        assert_eq!(flag.default.as_ref().map(Expr::raw), Some("(1 = 1)"));
    }

    #[test]
    fn all_mistakes_are_told_at_once_with_the_nearest_name() {
        let bad = SMALL.replace("key = \"item_key\"", "kee = \"item_key\"").replace("'O_' || a", "'O_ || a");
        let mistakes = Manifest::parse(&bad).unwrap_err();
        let all = mistakes.join("\n");
        assert!(all.contains("`target.kee`") && all.contains("`key`"), "{all}");
        assert!(all.contains("never closed"), "{all}");
    }
}

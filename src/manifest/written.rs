//! The manifest's TOML as it is written, before any of it is checked.

use serde::Deserialize;
use toml::Table;

#[derive(Deserialize)]
pub struct Manifest {
    pub name: Option<String>,
    pub target: Target,
    #[serde(default)]
    pub enhancement: Vec<Enhancement>,
    #[serde(default)]
    pub source: Vec<Source>,
    #[serde(default)]
    pub mapping: Vec<Mapping>,
    #[serde(default)]
    pub expect: Expect,
    #[serde(default)]
    pub queries: Queries,
    #[serde(default)]
    pub gates: Gates,
    #[serde(default)]
    pub checks: super::Checks,
}

#[derive(Deserialize)]
pub struct Target {
    pub table: String,
    pub id: Option<String>,
    #[serde(default)]
    pub key: String,
    pub existing_key: Option<String>,
    pub soft_delete: Option<SoftDelete>,
    #[serde(default)]
    pub required: Vec<String>,
    #[serde(default)]
    pub ignore_changes: Vec<String>,
    pub secondary_key: Option<String>,
    #[serde(default)]
    pub on_secondary_match: super::OnSecondaryMatch,
    #[serde(default)]
    pub on_dead_match: super::OnDeadMatch,
    #[serde(default)]
    pub max_rejects: u64,
    #[serde(default)]
    pub triggers: Vec<String>,
    #[serde(default)]
    pub search_path: Vec<String>,
}

#[derive(Deserialize)]
pub struct SoftDelete {
    pub set: Table,
    pub live: String,
}

#[derive(Deserialize)]
pub struct Enhancement {
    pub file: String,
    #[serde(default = "yes")]
    pub transaction: bool,
    #[serde(default)]
    pub adds: Table,
    #[serde(default)]
    pub creates: Vec<String>,
    #[serde(default)]
    pub replaces: Vec<String>,
    #[serde(default)]
    pub writes: Table,
    pub after: Option<String>,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
pub struct Source {
    pub table: String,
    #[serde(default)]
    pub optional: bool,
    pub id: Option<OneOrMany>,
    #[serde(default)]
    pub key: String,
    pub winner: Option<String>,
    #[serde(rename = "where")]
    pub filter: Option<String>,
    #[serde(default)]
    pub on_duplicate: super::OnDuplicate,
    pub timezone: Option<String>,
    #[serde(default)]
    pub columns: Table,
    pub unmapped: Option<Unmapped>,
    #[serde(default)]
    pub ignore: Table,
    #[serde(default)]
    pub sensitive: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
#[serde(untagged)]
pub enum Column {
    Bare(String),
    Lossy {
        expr: String,
        #[serde(default)]
        lossy: bool,
    },
    Mapped {
        from: String,
        #[serde(default)]
        map: Table,
        default: Option<toml::Value>,
        default_at_most: Option<f64>,
    },
}

#[derive(Deserialize)]
pub struct Unmapped {
    pub into: String,
    pub under: String,
}

#[derive(Deserialize)]
pub struct Mapping {
    pub name: String,
    pub table: String,
    pub left: String,
    pub right: Right,
    pub primary: Option<String>,
    pub taxonomy: String,
    pub fallback_at_most: Option<f64>,
    #[serde(default)]
    pub required: bool,
    pub evidence: Option<String>,
    #[serde(default)]
    pub set: Table,
    #[serde(default)]
    pub signals: Signals,
}

#[derive(Deserialize)]
pub struct Right {
    pub column: String,
    pub table: String,
    pub id: Option<String>,
    pub code: String,
    pub name: String,
}

#[derive(Deserialize, Default)]
pub struct Signals {
    #[serde(default)]
    pub explicit: Table,
    #[serde(default)]
    pub rules: Table,
    #[serde(default)]
    pub text: Table,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub enum TextSignal {
    Bare(String),
    Weighted { from: String, weight: f64 },
}

#[derive(Deserialize, Default)]
pub struct Expect {
    #[serde(default)]
    pub arrived: Table,
}

#[derive(Deserialize, Default)]
pub struct Queries {
    #[serde(default)]
    pub roles: Vec<String>,
}

#[derive(Deserialize, Default)]
pub struct Gates {
    #[serde(default)]
    pub ask: Vec<String>,
}

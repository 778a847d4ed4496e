//! The settings that a profile may hold: what each takes, its default, and their JSON Schema.

use std::time::Duration;

use serde_json::json;

use super::{Window, defaults};
use crate::text;

/// What a setting takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// The name of an environment variable; its value is secret.
    Variable,
    Flag,
    /// From, to.
    Count(u64, u64),
    Duration,
    Age,
    Size,
    /// `MIG-1` to `MIG-6`, `MIG-4.N`.
    Gates,
    Window,
    Checklist,
}

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    pub key: &'static str,
    pub kind: Kind,
    pub default: &'static str,
    pub about: &'static str,
}

const fn setting(key: &'static str, kind: Kind, default: &'static str, about: &'static str) -> Setting {
    Setting { key, kind, default, about }
}

/// All of them; `extends` aside, which is of the file only.
pub const SETTINGS: &[Setting] = &[
    setting(
        "production",
        Kind::Flag,
        "false",
        "Whether a writing command asks for the database's name and all evidence.",
    ),
    setting(
        "connection",
        Kind::Variable,
        "DATABASE_URL",
        "The environment variable that holds the database's address.",
    ),
    setting("workers", Kind::Count(1, 64), defaults::WORKERS, "Workers that move rows side by side."),
    setting("batch_rows", Kind::Count(1, 1_000_000), defaults::BATCH_ROWS, "Rows per batch."),
    setting("attempts", Kind::Count(1, 100), defaults::ATTEMPTS, "Tries per batch for transient failures."),
    setting("deadline", Kind::Duration, defaults::DEADLINE, "How long one batch or step may be retried in all."),
    setting(
        "lock_timeout",
        Kind::Duration,
        defaults::LOCK_TIMEOUT,
        "How long a statement waits for a lock before it is cancelled.",
    ),
    setting("statement_timeout", Kind::Duration, defaults::STATEMENT_TIMEOUT, "How long a statement may take."),
    setting("batch_delay", Kind::Duration, "", "Pause after each batch."),
    setting("max_lag", Kind::Size, "", "Wait while a replica is further behind than this."),
    setting("run_time", Kind::Duration, "", "Stop in time to take the run back within this time in all."),
    setting("backups", Kind::Text, defaults::BACKUPS, "The folder of backups."),
    setting("backup_age", Kind::Age, defaults::BACKUP_AGE, "How old a verified backup may be when a run begins."),
    setting("notify", Kind::Variable, "PGFOLD_NOTIFY", "The environment variable that holds the receiver's address."),
    setting("notify_every", Kind::Count(1, 86_400), "60", "Seconds between two notifications of progress."),
    setting("gates", Kind::Gates, "", "Gates at which an automated run stops for a person."),
    setting("window", Kind::Window, "", "The maintenance window; writes outside of it are refused."),
    setting("staging_evidence", Kind::Text, "", "MIG-5.json of a run of the same files on staging."),
    setting("checklist", Kind::Checklist, "", "Lines that a named person ticks before a run."),
];

pub fn known(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|s| s.key == key)
}

/// Seconds of `30d`, `12h`, `90m`, `45s`.
pub fn age(written: &str) -> Result<Duration, String> {
    match written.trim().strip_suffix('d') {
        Some(days) => {
            days.parse::<f64>().map(|d| Duration::from_secs_f64(d * 86_400.0)).map_err(|_| "a number and d".into())
        }
        None => text::parse_duration(written),
    }
}

/// Whether a word names a gate.
pub fn is_gate(word: &str) -> bool {
    let Some(rest) = word.strip_prefix("MIG-") else { return false };
    match rest.split_once('.') {
        Some(("4", step)) => step.parse::<u32>().is_ok_and(|n| n > 0),
        Some(_) => false,
        None => matches!(rest, "1" | "2" | "3" | "4" | "5" | "6"),
    }
}

impl Setting {
    /// What is wrong with the value, if anything is.
    pub fn wrong(&self, value: &toml::Value) -> Option<String> {
        let string = value.as_str();
        match self.kind {
            Kind::Text => string.is_none_or(str::is_empty).then(|| "write text".to_owned()),
            Kind::Variable => match string {
                Some(name) if name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !name.is_empty() => None,
                // an address would be a secret in a file
                _ => Some("write the name of an environment variable, never the address itself".to_owned()),
            },
            Kind::Flag => value.as_bool().is_none().then(|| "write true or false".to_owned()),
            Kind::Count(low, high) => {
                let n = value.as_integer().and_then(|n| u64::try_from(n).ok()).filter(|n| (low..=high).contains(n));
                n.is_none().then(|| format!("write a whole number from {low} to {high}"))
            }
            Kind::Duration => {
                read(string, text::parse_duration).err().map(|why| format!("write a time such as \"5s\": {why}"))
            }
            Kind::Age => read(string, age).err().map(|why| format!("write an age such as \"24h\" or \"7d\": {why}")),
            Kind::Size => {
                read(string, text::parse_bytes).err().map(|why| format!("write a size such as \"64MB\": {why}"))
            }
            Kind::Gates => match value.as_array() {
                None => Some("write a list such as [\"MIG-3\", \"MIG-4.2\"]".to_owned()),
                Some(all) => {
                    let wrong = all.iter().find(|g| !g.as_str().is_some_and(is_gate));
                    wrong.map(|g| format!("`{}` is no gate; they are MIG-1 to MIG-6, and MIG-4.N for step N", shown(g)))
                }
            },
            Kind::Window => Window::parse(value).err(),
            Kind::Checklist => match value.as_table() {
                Some(lines) if lines.values().all(toml::Value::is_str) => None,
                _ => Some(
                    "write `[profile.NAME.checklist]` with one line `key = \"what is to be ticked\"` each".to_owned(),
                ),
            },
        }
    }

    /// From the environment, where everything is text.
    pub fn read_as(&self, text: &str) -> toml::Value {
        let parsed = match self.kind {
            Kind::Flag => text.parse().ok().map(toml::Value::Boolean),
            Kind::Count(..) => text.parse().ok().map(toml::Value::Integer),
            Kind::Gates => {
                let gates = text.split(',').filter(|g| !g.trim().is_empty());
                Some(toml::Value::Array(gates.map(|g| toml::Value::from(g.trim())).collect()))
            }
            Kind::Window => format!("w = {text}").parse::<toml::Table>().ok().and_then(|mut t| t.remove("w")),
            _ => None,
        };
        parsed.unwrap_or_else(|| toml::Value::from(text))
    }

    fn schema(&self) -> serde_json::Value {
        let mut schema = match self.kind {
            Kind::Text => json!({ "type": "string", "minLength": 1 }),
            Kind::Variable => json!({ "type": "string", "pattern": "^[A-Za-z0-9_]+$" }),
            Kind::Flag => json!({ "type": "boolean" }),
            Kind::Count(low, high) => json!({ "type": "integer", "minimum": low, "maximum": high }),
            Kind::Duration => json!({ "type": "string", "pattern": "^[0-9.]+ *(ms|s|m|h)$" }),
            Kind::Age => json!({ "type": "string", "pattern": "^[0-9.]+ *(ms|s|m|h|d)$" }),
            Kind::Size => json!({ "type": "string", "pattern": "^[0-9.]+ *(B|kB|MB|GB|TB)?$" }),
            Kind::Gates => {
                json!({ "type": "array", "items": { "type": "string", "pattern": "^MIG-([1-6]|4\\.[1-9][0-9]*)$" } })
            }
            Kind::Window => {
                json!({ "type": "object", "additionalProperties": false, "required": ["from", "to"], "properties": {
                "days": { "type": "array", "minItems": 1, "items": { "enum": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] } },
                "from": { "type": "string", "pattern": "^[0-2]?[0-9]:[0-5][0-9]$" },
                "to": { "type": "string", "pattern": "^[0-2]?[0-9]:[0-5][0-9]$" },
                "timezone": { "type": "string" } } })
            }
            Kind::Checklist => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        };
        schema["description"] = json!(self.about);
        if !self.default.is_empty() {
            let default = self.read_as(self.default);
            schema["default"] = serde_json::to_value(default).unwrap_or_default();
        }
        schema
    }
}

/// A value as one would read it in a table or a sentence.
pub fn shown(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text::inert(text),
        other => serde_json::to_value(other).map(|v| v.to_string()).unwrap_or_default(),
    }
}

fn read<T>(text: Option<&str>, parse: impl Fn(&str) -> Result<T, String>) -> Result<T, String> {
    text.ok_or_else(|| "it is no text".to_owned()).and_then(parse)
}

/// The JSON Schema of pgfold.toml.
pub fn schema() -> serde_json::Value {
    let mut properties = serde_json::Map::new();
    properties.insert(
        "extends".into(),
        json!({ "type": "string", "description": "The profile whose settings hold where this one says nothing." }),
    );
    for s in SETTINGS {
        properties.insert(s.key.to_owned(), s.schema());
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "pgfold.toml",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "default": { "type": "string", "description": "The profile that holds when none is named." },
            "profile": { "type": "object", "additionalProperties": { "type": "object", "additionalProperties": false, "properties": properties } }
        }
    })
}

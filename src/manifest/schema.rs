//! The JSON Schema of consolidation.toml, made from the keys that a manifest may hold.

use serde_json::{Map, Value, json};

use super::keys::KEYS;

/// Keys whose value is not a text; a path ends in the key.
fn kind(path: &str) -> Value {
    let texts = json!({ "type": "array", "items": { "type": "string" } });
    let expressions = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    match path {
        "target.required"
        | "target.ignore_changes"
        | "target.triggers"
        | "target.search_path"
        | "enhancement.creates"
        | "enhancement.replaces"
        | "source.sensitive"
        | "queries.roles" => texts,
        "name" => json!({ "type": "string", "maxLength": 63, "pattern": "^[^.-][^/\\s]*$" }),
        "gates.ask" => {
            json!({ "type": "array", "items": { "type": "string", "pattern": "^MIG-([1-6]|4\\.[1-9][0-9]*)$" } })
        }
        "target.max_rejects" => json!({ "type": "integer", "minimum": 0 }),
        "target.on_dead_match" => json!({ "enum": ["fail", "skip", "revive"] }),
        "target.on_secondary_match" => json!({ "enum": ["report", "skip", "fail"] }),
        "source.on_duplicate" => json!({ "enum": ["skip", "merge", "fail"] }),
        "enhancement.transaction" | "source.optional" | "mapping.required" | "source.columns.*.lossy" => {
            json!({ "type": "boolean" })
        }
        "enhancement.after" => json!({ "enum": ["rows"] }),
        "enhancement.writes" => json!({ "type": "object", "additionalProperties": texts }),
        "enhancement.adds" => json!({ "type": "object", "additionalProperties": expressions }),
        "target.soft_delete.set" | "source.ignore" | "mapping.set" => expressions,
        "source.id" => json!({ "oneOf": [{ "type": "string" }, texts] }),
        "checks.required_fields" | "checks.mappings" | "checks.relationships" | "checks.slower" => {
            json!({ "type": "object" })
        }
        "source.columns.*.map" => json!({ "type": "object" }),
        "source.columns.*.default" => json!({ "type": ["string", "number", "boolean"] }),
        "source.columns.*.default_at_most" | "mapping.fallback_at_most" | "mapping.signals.text.*.weight" => {
            json!({ "type": "number", "minimum": 0 })
        }
        "mapping.signals.explicit" | "mapping.signals.rules" => json!({ "type": "object" }),
        "expect.arrived" => json!({ "type": "object", "additionalProperties": {
            "type": "array", "items": { "type": "integer", "minimum": 0 }, "minItems": 2, "maxItems": 2 } }),
        _ => json!({ "type": "string" }),
    }
}

fn required(path: &str) -> &'static [&'static str] {
    match path {
        "" => &["target", "source"],
        "target" => &["table", "key"],
        "target.soft_delete" => &["set", "live"],
        "enhancement" => &["file"],
        "source" => &["table", "key"],
        "source.unmapped" => &["into", "under"],
        "mapping" => &["name", "table", "left", "right", "taxonomy"],
        "mapping.right" => &["column", "table", "code", "name"],
        _ => &[],
    }
}

fn section(path: &str) -> Option<Value> {
    let (_, keys) = KEYS.iter().find(|(p, _)| *p == path)?;
    let join = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    let mut properties = Map::new();
    for key in *keys {
        let below = join(key);
        let any = section(&format!("{below}.*"));
        let value = match (section(&below), any) {
            (Some(table), _) if matches!(below.as_str(), "enhancement" | "source" | "mapping") => {
                json!({ "type": "array", "items": table })
            }
            (Some(table), _) => table,
            // an expression, or a table that says more
            (None, Some(table)) => {
                json!({ "type": "object", "additionalProperties": { "oneOf": [{ "type": "string" }, table] } })
            }
            (None, None) => kind(&below),
        };
        properties.insert((*key).to_owned(), value);
    }
    Some(
        json!({ "type": "object", "additionalProperties": false, "required": required(path), "properties": properties }),
    )
}

/// The whole schema.
pub fn schema() -> Value {
    let mut schema = section("").unwrap_or_default();
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("consolidation.toml");
    schema
}

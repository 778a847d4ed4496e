//! Which keys a manifest may hold, so that a misspelt one is named and not ignored.

use crate::text;

/// Sections by path; `*` stands for any name, and a section without keys may hold anything.
pub(super) const KEYS: &[(&str, &[&str])] = &[
    ("", &["name", "target", "enhancement", "source", "mapping", "expect", "queries", "gates", "checks"]),
    (
        "target",
        &[
            "table",
            "id",
            "key",
            "existing_key",
            "soft_delete",
            "required",
            "ignore_changes",
            "secondary_key",
            "on_secondary_match",
            "on_dead_match",
            "max_rejects",
            "triggers",
            "search_path",
        ],
    ),
    ("target.soft_delete", &["set", "live"]),
    ("enhancement", &["file", "transaction", "adds", "creates", "replaces", "writes", "after"]),
    (
        "source",
        &[
            "table",
            "optional",
            "id",
            "key",
            "winner",
            "where",
            "on_duplicate",
            "timezone",
            "columns",
            "unmapped",
            "ignore",
            "sensitive",
        ],
    ),
    ("source.columns.*", &["from", "map", "default", "default_at_most", "expr", "lossy"]),
    ("source.unmapped", &["into", "under"]),
    (
        "mapping",
        &[
            "name",
            "table",
            "left",
            "right",
            "primary",
            "taxonomy",
            "fallback_at_most",
            "required",
            "evidence",
            "set",
            "signals",
        ],
    ),
    ("mapping.right", &["column", "table", "id", "code", "name"]),
    ("mapping.signals", &["explicit", "rules", "text"]),
    ("mapping.signals.text.*", &["from", "weight"]),
    ("expect", &["arrived"]),
    ("queries", &["roles"]),
    ("gates", &["ask"]),
    ("checks", &["required_fields", "mappings", "relationships", "slower"]),
    ("checks.*", &["warn", "fail"]),
];

/// Keys that had another name, with the section they are in.
const RENAMED: [(&str, &str, &str); 5] = [
    ("target", "existing", "existing_key"),
    ("target", "churn", "ignore_changes"),
    ("target", "alike", "secondary_key"),
    ("target", "on_alike", "on_secondary_match"),
    ("source", "rest", "unmapped"),
];

/// One sentence for each key that no section knows; one for all places of a key that has another name now.
pub fn unknown(table: &toml::Table) -> Vec<String> {
    let mut found = Vec::new();
    walk(table, "", "", &mut found);
    found
}

fn walk(table: &toml::Table, pattern: &str, shown: &str, found: &mut Vec<String>) {
    let known = KEYS.iter().find(|(path, _)| *path == pattern).map(|(_, keys)| *keys);
    for (key, value) in table {
        let here = join(shown, key);
        if let Some(known) = known
            && !known.contains(&key.as_str())
        {
            if let Some((_, old, new)) = RENAMED.iter().find(|(at, old, _)| *at == pattern && old == key) {
                let sentence = format!("`{old}` is now `{new}`");
                if !found.contains(&sentence) {
                    found.push(sentence);
                }
                continue;
            }
            let near = text::nearest(key, known.iter().copied());
            let hint = match near.first() {
                Some(best) => format!("; did you mean `{best}`?"),
                None => format!("; known here: {}", known.join(", ")),
            };
            found.push(format!("`{}` is not a key of a manifest{hint}", text::inert(&here)));
            continue;
        }
        let exact = join(pattern, key);
        let any = join(pattern, "*");
        let below = if KEYS.iter().any(|(p, _)| p.starts_with(&exact)) { exact } else { any };
        if !KEYS.iter().any(|(p, _)| *p == below || p.starts_with(&format!("{below}."))) {
            continue;
        }
        match value {
            toml::Value::Table(inner) => walk(inner, &below, &here, found),
            toml::Value::Array(items) => {
                for inner in items.iter().filter_map(toml::Value::as_table) {
                    walk(inner, &below, &here, found);
                }
            }
            _ => {}
        }
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

//! One left row as the server delivers it, split into the signals that inference reads.

use std::sync::Arc;

use serde_json::Value;

/// What a signal is called; every row shares it.
pub type Label = Arc<str>;

/// What is known of one left row; strongest signals first.
#[derive(Debug, Clone, Default)]
pub struct Subject {
    /// The row's id, as text.
    pub id: String,
    /// The row's key across sources; review files name rows by it.
    pub key: String,
    /// Where it came from, for the statistics; empty when that is not known.
    pub source: String,
    /// Label and value of what names right rows outright: codes, names, lists, JSON in text.
    pub explicit: Vec<(Label, Value)>,
    /// Signal and value that the taxonomy's rules speak about.
    pub rules: Vec<(Label, Value)>,
    /// Label, weight and text; the weight says how much one word of it counts (1 is plain).
    pub text: Vec<(Label, f64, String)>,
}

/// How often JSON may lie encoded within JSON before it is taken as plain text.
const DEEPEST: usize = 4;

/// Every single value inside `value`, in order: lists, objects, PostgreSQL arrays and JSON
/// encoded as text are opened, however often it was encoded.
///
/// An object gives its values, and the names of what it holds true.
pub fn leaves(value: &Value) -> Vec<String> {
    let mut out = Vec::new();
    open(value, 0, &mut out);
    out
}

fn open(value: &Value, depth: usize, out: &mut Vec<String>) {
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::Number(number) => out.push(number.to_string()),
        Value::String(text) => open_text(text, depth, out),
        Value::Array(items) => items.iter().for_each(|item| open(item, depth, out)),
        Value::Object(fields) => {
            for (name, field) in fields {
                if field == &Value::Bool(true) {
                    out.push(name.clone());
                }
                open(field, depth, out);
            }
        }
    }
}

fn open_text(text: &str, depth: usize, out: &mut Vec<String>) {
    let text = text.trim();
    if depth < DEEPEST && text.starts_with(['[', '{', '"']) {
        if let Ok(inner) = serde_json::from_str::<Value>(text) {
            return open(&inner, depth + 1, out);
        }
        if let Some(inner) = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')) {
            return array_items(inner).iter().for_each(|item| open_text(item, depth + 1, out));
        }
    }
    if !text.is_empty() {
        out.push(text.to_owned());
    }
}

/// The items of a PostgreSQL array literal without its braces.
fn array_items(inner: &str) -> Vec<String> {
    let mut items = Vec::new();
    let (mut item, mut quoted) = (String::new(), false);
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => item.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => items.push(std::mem::take(&mut item)),
            c => item.push(c),
        }
    }
    items.push(item);
    items.retain(|i| !i.trim().is_empty() && i != "NULL");
    items
}

/// The parts of a value that lists several in one text.
pub fn parts(value: &str) -> Vec<&str> {
    value.split([',', ';', '|', '\n', '/']).map(str::trim).filter(|p| !p.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_encoded_twice_opens_to_its_values() {
        assert_eq!(leaves(&json!("[\"jazz\",\"folk\"]")), ["jazz", "folk"]);
        assert_eq!(leaves(&json!("\"[\\\"jazz\\\"]\"")), ["jazz"]);
        assert_eq!(leaves(&json!(["[\"jazz\"]", "folk"])), ["jazz", "folk"]);
        assert_eq!(leaves(&json!({"first": "jazz", "also": {"folk": true, "punk": false}})), ["jazz", "folk"]);
    }

    #[test]
    fn an_array_literal_of_the_server_opens_to_its_items() {
        assert_eq!(leaves(&json!("{jazz,\"folk, old\",NULL}")), ["jazz", "folk, old"]);
    }

    #[test]
    fn nothing_gives_nothing() {
        for nothing in [json!(null), json!(""), json!("  "), json!([]), json!({}), json!(false), json!("{}")] {
            assert!(leaves(&nothing).is_empty(), "{nothing}");
        }
    }

    #[test]
    fn text_that_only_looks_like_json_stays_text() {
        assert_eq!(leaves(&json!("[sic] jazz")), ["[sic] jazz"]);
        assert_eq!(leaves(&json!("\"so called")), ["\"so called"]);
    }
}

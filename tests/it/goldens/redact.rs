//! Takes out of an output what differs from one run to the next: times, durations, sizes, hashes, names of databases.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

/// What a pattern finds, and what stands for it.
static PATTERNS: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let patterns = [
        (r"\b(202[5-9]|20[3-9]\d)-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?| UTC)?", "<time>"),
        (r"\b[0-9a-f]{16}([0-9a-f]{16})*\b", "<hash>"),
        (r"\b\d+(\.\d+)? (ms|s|min|h)\b", "<duration>"),
        (r"\b\d+ rows/s", "<rate> rows/s"),
        (r"\b\d+(\.\d+)? ([kMGT]?B|bytes)\b", "<size>"),
        (r"-?\b\d{17,20}\b", "<number>"),
        (r"\b\d+ connections are free", "<number> connections are free"),
        (r"\b1[3-9]\.\d+ \([^)]*\)", "<version>"),
        (r"\btest_\d+\w*", "<database>"),
        (r"[^ \x22]*/pgfold-pg-\d+-\d+[^ \x22:]*", "<server>"),
    ];
    patterns.into_iter().map(|(pattern, name)| (Regex::new(pattern).unwrap(), name)).collect()
});

/// Fields whose number is a measurement.
const MEASURED: &[&str] = &[
    "server_version",
    "made_at",
    "expires_at",
    "bytes",
    "seconds",
    "pid",
    "backend",
    "ms",
    "rows_per_second",
    "per_second",
    "free",
    "size",
    "port",
    "lag",
    "wal",
    "heap",
    "index",
    "rollback",
];

const LONG: usize = 400;

pub fn text(text: &str, places: &[(String, &str)]) -> String {
    let mut out = text.to_owned();
    for (place, name) in places {
        out = out.replace(place.as_str(), name);
    }
    for (pattern, name) in PATTERNS.iter() {
        out = pattern.replace_all(&out, *name).into_owned();
    }
    out
}

pub fn json(value: &mut Value, key: &str, places: &[(String, &str)]) {
    match value {
        // a whole statement has a golden of its own
        Value::String(s) if s.len() > LONG => *s = "<long>".to_owned(),
        Value::String(s) => *s = text(s, places),
        Value::Number(_)
            if MEASURED.contains(&key) || ["_ms", "_bytes", "_epoch"].iter().any(|end| key.ends_with(end)) =>
        {
            *value = Value::String("<measured>".to_owned());
        }
        Value::Array(all) => {
            all.iter_mut().for_each(|v| json(v, key, places));
            all.dedup_by(|a, b| a == b && a.as_str().is_some_and(|s| s.starts_with("<part")));
        }
        // which parts took long enough to be listed, and which of them is to be improved, is a matter of the machine
        Value::Object(all) if all.contains_key("part") => {
            *value = Value::String("<part with its time>".to_owned());
        }
        Value::Object(all) => all.iter_mut().for_each(|(k, v)| json(v, k, places)),
        _ => (),
    }
}

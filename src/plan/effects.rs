//! What a statement of an enhancement locks, whether it rewrites a table and whether it destroys anything.

use serde::{Deserialize, Serialize};

use crate::sql::token::{self, Kind};
use crate::text;

/// One statement of an enhancement file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    pub file: String,
    /// Its beginning, on one line.
    pub statement: String,
    /// The strongest lock on a table that was there, as `pg_locks` words it; none where it takes none.
    pub lock: Option<String>,
    pub rewrites: bool,
    pub destroys: bool,
}

const EXCLUSIVE: &str = "AccessExclusiveLock";

/// Every statement of a script, in order.
pub fn effects(file: &str, script: &str) -> Vec<Effect> {
    let mut out = Vec::new();
    let mut words: Vec<String> = Vec::new();
    let mut shown = String::new();
    for t in token::tokens(script).unwrap_or_default() {
        match t.kind {
            Kind::Comment => continue,
            Kind::Symbol if t.text == ";" => {
                out.extend(effect(file, &std::mem::take(&mut words), &std::mem::take(&mut shown)));
                continue;
            }
            Kind::Blank => shown.push(' '),
            Kind::Word => words.push(t.text.to_lowercase()),
            _ => words.push(t.text.to_owned()),
        }
        if t.kind != Kind::Blank {
            shown.push_str(t.text);
        }
    }
    out.extend(effect(file, &words, &shown));
    out
}

fn effect(file: &str, words: &[String], shown: &str) -> Option<Effect> {
    let first = words.first()?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let has = |wanted: &[&str]| words.windows(wanted.len()).any(|w| w == wanted);
    let (lock, rewrites, destroys) = match first.as_str() {
        "alter" if has(&["alter", "table"]) => alter_table(&has),
        "create" if has(&["index"]) => {
            (Some(if has(&["concurrently"]) { "ShareUpdateExclusiveLock" } else { "ShareLock" }), false, false)
        }
        "create" if has(&["trigger"]) => (Some("ShareRowExclusiveLock"), false, false),
        "create" if has(&["replace", "view"]) || has(&["policy"]) || has(&["rule"]) => (Some(EXCLUSIVE), false, false),
        "create" if has(&["references"]) => (Some("ShareRowExclusiveLock"), false, false),
        "create" | "comment" | "grant" | "revoke" | "select" | "set" => (None, false, false),
        "drop" if has(&["index", "concurrently"]) => (Some("ShareUpdateExclusiveLock"), false, true),
        "drop" | "truncate" => (Some(EXCLUSIVE), false, true),
        "insert" | "update" => (Some("RowExclusiveLock"), false, first == "update"),
        "delete" => (Some("RowExclusiveLock"), false, true),
        "reindex" => (Some(if has(&["concurrently"]) { "ShareUpdateExclusiveLock" } else { "ShareLock" }), true, false),
        "refresh" | "cluster" | "lock" => (Some(EXCLUSIVE), true, false),
        "analyze" | "vacuum" => (Some("ShareUpdateExclusiveLock"), has(&["full"]), false),
        // a `do` block or something newer: assume the worst
        _ => (Some(EXCLUSIVE), true, true),
    };
    let line: Vec<&str> = shown.split_whitespace().collect();
    Some(Effect {
        file: file.to_owned(),
        statement: text::cut(&line.join(" "), 160),
        lock: lock.map(str::to_owned),
        rewrites,
        destroys,
    })
}

fn alter_table(has: &dyn Fn(&[&str]) -> bool) -> (Option<&'static str>, bool, bool) {
    if has(&["validate", "constraint"]) || has(&["set", "statistics"]) {
        return (Some("ShareUpdateExclusiveLock"), false, false);
    }
    let volatile =
        ["random", "nextval", "clock_timestamp", "gen_random_uuid", "uuid_generate_v4", "identity", "stored"];
    let volatile = volatile.iter().any(|f| has(&[f])) || has(&["serial"]) || has(&["bigserial"]);
    let rewrites =
        volatile || has(&["type"]) || has(&["set", "logged"]) || has(&["set", "unlogged"]) || has(&["tablespace"]);
    let destroys =
        has(&["drop", "column"]) || has(&["drop", "constraint"]) || has(&["drop", "default"]) || has(&["type"]);
    let lock =
        if has(&["add", "constraint"]) && has(&["foreign", "key"]) { "ShareRowExclusiveLock" } else { EXCLUSIVE };
    (Some(lock), rewrites, destroys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_statement_says_what_it_locks_rewrites_and_destroys() {
        let script = "-- a; comment\nalter table t add column c int default 1;\ncreate unique index concurrently i on t (c);\n\
            create index i on t (c);alter table t add column u uuid default gen_random_uuid();\nalter table t drop column c;\n\
            create table n (a int);create function f() returns int language sql as $$ select 1; $$;\n\
            alter table t add constraint k foreign key (a) references r not valid; alter table t validate constraint k; do $$ begin end $$";
        let told: Vec<(Option<String>, bool, bool)> =
            effects("f", script).into_iter().map(|e| (e.lock, e.rewrites, e.destroys)).collect();
        let lock = |l: &str, r, d| (Some(format!("{l}Lock")), r, d);
        let expected = vec![
            lock("AccessExclusive", false, false),
            lock("ShareUpdateExclusive", false, false),
            lock("Share", false, false),
            lock("AccessExclusive", true, false),
            lock("AccessExclusive", false, true),
            (None, false, false),
            (None, false, false),
            lock("ShareRowExclusive", false, false),
            lock("ShareUpdateExclusive", false, false),
            lock("AccessExclusive", true, true),
        ];
        assert_eq!(told, expected);
    }
}

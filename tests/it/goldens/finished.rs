//! The finished statements of a consolidation's saved plans, holes filled, in four files: batch, preview, conflicts and
//! catch-up.
//!
//! Statements have most of their lines in common: one that has is shown as its difference to an earlier one.

use std::collections::HashSet;

use serde_json::Value;
use similar::TextDiff;

use crate::ground::{json, library, testdata};
use crate::harness::{Database, Scratch, pgfold};

const FEW: usize = 8;

/// Where a statement of the plan belongs, by the path of its field; the rest of the plan is in no golden.
fn file(path: &str) -> Option<&'static str> {
    let action = path.split('/').nth(3)?;
    match action {
        // as the one before it, with nothing masked
        "Move" if path.ends_with("/revealed") => None,
        "Move" if path.contains("/look/") => Some("preview.sql"),
        "Move" => Some("batch.sql"),
        "Contest" => Some("conflicts.sql"),
        // of a late row only what is run
        "Settle" if path.contains("/look/") => None,
        "Settle" => Some("catch_up.sql"),
        _ => None,
    }
}

/// A statement with the way to its field.
type Statement = (String, String);

pub fn texts(case: &str) -> Vec<(String, String)> {
    let (usual, online) = (statements(case, &[]), statements(case, &["--online"]));
    let of = |all: &[Statement], name: &str| -> Vec<Statement> {
        all.iter().filter(|(path, _)| file(path) == Some(name)).cloned().collect()
    };
    let mut out = Vec::new();
    for name in ["batch.sql", "preview.sql", "conflicts.sql"] {
        out.push((name.to_owned(), written(&[], &of(&usual, name))));
    }
    out.push(("catch_up.sql".to_owned(), written(&usual, &of(&online, "catch_up.sql"))));
    assert!(out.iter().all(|(_, text)| !text.is_empty()), "statements of a kind are not found in the plan of {case}");
    out
}

fn statements(case: &str, more: &[&str]) -> Vec<Statement> {
    let mut out = Vec::new();
    strings(&plan(case, more)["plan"]["steps"], "", &mut out);
    // names are no statements
    out.retain(|(_, text)| text.contains(' '));
    out
}

fn plan(case: &str, more: &[&str]) -> Value {
    let database = match case {
        "library" => library(),
        _ => Database::from_sql("guests", &[include_str!("../../../testdata/guests/before.sql")]),
    };
    let place = Scratch::new();
    let out = place.path().join("plan.json").display().to_string();
    let done =
        pgfold(&database, &[&["plan", &testdata(case), "--out", &out, "--format", "json"], more].concat()).expect(0);
    json(&done);
    serde_json::from_str(&std::fs::read_to_string(out).unwrap()).unwrap()
}

/// Every text below a value, with the names of the fields that lead to it.
fn strings(value: &Value, path: &str, out: &mut Vec<(String, String)>) {
    match value {
        Value::String(s) => out.push((path.to_owned(), s.clone())),
        Value::Array(all) => all.iter().enumerate().for_each(|(i, v)| strings(v, &format!("{path}/{i}"), out)),
        Value::Object(all) => all.iter().for_each(|(k, v)| strings(v, &format!("{path}/{k}"), out)),
        _ => (),
    }
}

/// How many lines two statements have in common, and whether that is most of both.
fn common(one: &str, other: &str) -> (usize, bool) {
    let (one, other): (HashSet<&str>, HashSet<&str>) = (one.lines().collect(), other.lines().collect());
    let both = one.intersection(&other).count();
    (both, one.len() > FEW && both * 2 > one.len().max(other.len()))
}

/// Each statement whole, or where one before it has most of its lines, as the difference to that one.
fn written(before: &[Statement], all: &[Statement]) -> String {
    let mut out = String::new();
    for (n, (path, text)) in all.iter().enumerate() {
        out += &format!("-- {}\n", path.trim_start_matches('/'));
        let nearest = before.iter().chain(&all[..n]).max_by_key(|(_, other)| common(text, other).0);
        match nearest.filter(|(_, other)| common(text, other).1) {
            Some((like, other)) => {
                let difference = TextDiff::from_lines(other.as_str(), text.as_str());
                let hunks = difference.unified_diff().context_radius(2).missing_newline_hint(false).to_string();
                out += &format!("-- as {}, but for:\n{}\n", like.trim_start_matches('/'), hunks.trim_end());
            }
            None => out += &format!("{}\n", text.trim_end()),
        }
        out.push('\n');
    }
    out
}

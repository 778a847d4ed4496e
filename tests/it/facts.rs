//! What SQL returns and the ledger keeps is what the types of `facts` know: each code is read out of the `.sql` files.

use std::fs;
use std::path::{Path, PathBuf};

use ::pgfold::facts::{CheckFailure, CheckVerdict, FailureClass, Outcome, RollbackLevel, RunState, StepState};

fn sql(folder: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql").join(folder);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "sql") {
            found.push((path.clone(), fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

/// Literals of small letters and underscores that a `select`, `then` or `else` begins with.
fn codes(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in ["select '", "then '", "else '"] {
        for (at, _) in text.match_indices(word) {
            let literal: String = text[at + word.len()..].chars().take_while(|c| *c != '\'').collect();
            if !literal.is_empty() && literal.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
                found.push(literal);
            }
        }
    }
    found
}

/// The literals in the parentheses after `column in`.
fn allowed(schema: &str, column: &str) -> Vec<String> {
    let start = schema.find(&format!("check ({column} in")).unwrap_or_else(|| panic!("no check of {column}"));
    let list: String = schema[start..].chars().skip_while(|c| *c != '\'').take_while(|c| *c != ')').collect();
    list.split('\'').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_code_of_a_check_s_sql_is_known() {
    let mut seen: Vec<CheckFailure> = Vec::new();
    for (path, text) in sql("validate").iter().filter(|(_, text)| text.contains(" as code")) {
        for code in codes(text) {
            let known = serde_json::from_value::<CheckFailure>(code.clone().into());
            seen.push(known.unwrap_or_else(|_| panic!("{}: nothing is called `{code}`", path.display())));
        }
    }
    // the rest is found by comparing in Rust
    let by_hand = [
        CheckFailure::NoColumn,
        CheckFailure::TooManyDefaults,
        CheckFailure::NoMappingTable,
        CheckFailure::Orphan,
        CheckFailure::QueryFails,
        CheckFailure::QueryEmpty,
        CheckFailure::QueryFewerRows,
        CheckFailure::QuerySlower,
    ];
    for code in CheckFailure::ALL {
        assert_ne!(seen.contains(&code), by_hand.contains(&code), "{code}");
    }
}

#[test]
fn the_ledger_allows_what_the_types_know_and_nothing_else() {
    let schema = include_str!("../../sql/ledger/schema.sql");
    assert_eq!(allowed(schema, "failure_class"), FailureClass::ALL.map(FailureClass::as_str));
    assert_eq!(allowed(schema, "undone_level"), RollbackLevel::ALL.map(RollbackLevel::as_str));
    let outcomes = allowed(schema, "outcome");
    assert_eq!(outcomes, Outcome::ALL.map(Outcome::as_str));
    let steps = schema.split("create table if not exists pgfold.step (").nth(1).unwrap();
    assert_eq!(allowed(steps, "state"), StepState::ALL.map(StepState::as_str));
    assert_eq!(allowed(schema, "state"), RunState::ALL.map(RunState::as_str));
}

#[test]
fn a_verdict_of_a_check_is_kept_by_its_name() {
    for verdict in [
        CheckVerdict::Passed,
        CheckVerdict::Warned,
        CheckVerdict::Failed,
        CheckVerdict::NotEvaluated,
        CheckVerdict::NotApplicable,
    ] {
        assert_eq!(serde_json::to_value(verdict).unwrap(), verdict.as_str());
    }
}

#[test]
fn no_statement_decides_by_the_words_of_a_message() {
    // what stands there is a pattern of values or of names, not of sentences that this program wrote
    let patterns = ["1970-01-01%", "run %", "view %"];
    let mut found = Vec::new();
    for folder in
        ["validate", "ledger", "rows/batch", "rows/conflicts", "rows/online", "rows/preview", "map", "undo", "report"]
    {
        for (path, text) in sql(folder) {
            for (at, _) in text.match_indices(" like '") {
                let pattern: String = text[at + 7..].chars().take_while(|c| *c != '\'').collect();
                if !patterns.contains(&pattern.as_str()) {
                    found.push(format!("{}: like '{pattern}'", path.display()));
                }
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

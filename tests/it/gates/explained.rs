//! Every rule, check, exit code, class of failure and gate has its text.

use std::collections::BTreeSet;
use std::path::Path;

use pgfold::explain;

use crate::harness::Pgfold;

/// Helpers whose first argument is a rule, or the first after what it is held against.
const SAY: [&str; 8] = ["Finding::new(", "say(", "refuse(", "listed(", "rule(", "missing(", "judged(", "finding("];

fn rules_of(text: &str) -> BTreeSet<String> {
    let production = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found = BTreeSet::new();
    for helper in SAY {
        for (at, _) in production.match_indices(helper) {
            let rest = production[at + helper.len()..].trim_start();
            let rest = rest.strip_prefix("d,").map_or(rest, str::trim_start);
            let Some(quoted) = rest.strip_prefix('"') else { continue };
            let Some((rule, after)) = quoted.split_once('"') else { continue };
            let kebab = !rule.is_empty() && rule.chars().all(|c| c.is_ascii_lowercase() || c == '-');
            if kebab && after.starts_with(',') {
                found.insert(rule.to_owned());
            }
        }
    }
    found
}

fn walk(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.extend(rules_of(&std::fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn every_rule_that_the_source_can_say_is_explained() {
    let mut rules = BTreeSet::new();
    for room in
        ["preflight", "plan", "mapping", "introspect", "execute", "context", "rollback", "export", "run", "commands"]
    {
        walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(room), &mut rules);
    }
    // a rule of each shape in which the source writes one
    for seen in ["missing-right", "long-transaction", "unknown-column", "undeclared-drop", "code-twice", "reject"] {
        assert!(rules.contains(seen), "{seen} was not found in {rules:?}");
    }
    let known: BTreeSet<String> = explain::all().unwrap().into_iter().map(|e| e.id).collect();
    // `alike …` are reasons of a row, no rules
    let silent: Vec<&String> = rules.difference(&known).collect();
    assert!(silent.is_empty(), "no text in src/explain/texts.toml for {silent:?}");
}

#[test]
fn every_exit_code_check_class_and_gate_is_explained_in_full() {
    let all = explain::all().unwrap();
    let mut wanted: Vec<String> = (1..=7).map(|n| format!("check-{n}")).collect();
    wanted.extend([0, 1, 2, 3, 4, 5, 6, 7, 8, 64, 78].map(|n| format!("exit-{n}")));
    wanted
        .extend(["data", "lock", "connection", "space", "drift", "permission", "bug"].map(|c| format!("failure-{c}")));
    wanted.extend((1..=6).map(|n| format!("MIG-{n}")));
    for id in wanted {
        let one = explain::explain(&id).unwrap();
        assert_eq!(one.id, id);
    }
    for e in &all {
        for (what, text) in [("cause", &e.cause), ("test", &e.test), ("recovery", &e.recovery)] {
            assert!(text.len() > 10 || text.starts_with('`'), "{} has no {what}: {text}", e.id);
        }
    }
}

#[test]
fn an_explanation_needs_no_server_and_a_wrong_name_gets_the_nearest() {
    let told = Pgfold::without_database().args(["explain", "check", "4"]).run().expect(0);
    for word in ["check-4: mappings", "cause:", "test:", "recovery:"] {
        assert!(told.stdout.contains(word), "{}", told.stdout);
    }
    let json = Pgfold::without_database().args(["explain", "unknown-column", "--format", "json"]).run().expect(0);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["id"], "unknown-column");
    let wrong = Pgfold::without_database().args(["explain", "unknwn-column"]).run().expect(64);
    assert!(wrong.stderr.contains("did you mean `unknown-column`?"), "{}", wrong.stderr);
    let list = Pgfold::without_database().args(["explain"]).run().expect(0);
    assert!(list.stdout.lines().count() > 100, "{}", list.stdout);
}

#[test]
fn a_rule_without_a_text_would_be_seen() {
    let found = rules_of("fn f() { out.push(Finding::new(\n    \"never-heard-of\", Severity::Note, a, b, c)) }");
    assert_eq!(found, ["never-heard-of".to_owned()].into());
    assert!(explain::explain("never-heard-of").is_err());
}

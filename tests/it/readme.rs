//! What README and help texts say is what the program does.

use crate::ground::legacy;
use crate::harness::{Pgfold, pgfold};

const README: &str = include_str!("../../README.md");

/// The lines of the README's shell blocks that begin with `pgfold`.
fn commands() -> Vec<String> {
    let mut inside = false;
    let mut out = Vec::new();
    for line in README.lines() {
        if line.starts_with("```") {
            inside = line == "```sh" && !inside;
        } else if inside && let Some(rest) = line.strip_prefix("pgfold ") {
            out.push(rest.split('#').next().unwrap_or(rest).trim().to_owned());
        }
    }
    out
}

#[test]
fn the_commands_of_the_readme_work_in_their_order() {
    let database = legacy();
    let all = commands();
    assert!(all.len() >= 8, "the README shows commands: {all:?}");
    for line in all {
        if line.starts_with("demo") || line.starts_with("resume") || line.contains('<') {
            continue;
        }
        let (line, piped) = match line.split_once(" | psql") {
            Some((line, _)) => (line.to_owned(), true),
            None => (line, false),
        };
        let mut arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        if ["apply", "migrate", "enhance", "map"].contains(&arguments[0].as_str()) && !line.contains("--dry-run") {
            arguments.push("--yes".to_owned());
        }
        let done = Pgfold::new(&database).args(arguments.iter().map(String::as_str)).run();
        assert_eq!(done.code, 0, "pgfold {line}\n{}\n{}", done.stdout, done.stderr);
        if piped {
            database.psql(&done.stdout);
        }
    }
}

#[test]
fn the_demo_goes_there_and_back_on_its_own_server() {
    let done = Pgfold::without_database().args(["demo", "-y"]).run().expect(0);
    for words in [
        "$ pgfold doctor",
        "$ pgfold apply --yes",
        "7 of 7 checks passed",
        "run 1 is rolled back, level schema",
        "stopped and gone",
    ] {
        assert!(done.stdout.contains(words), "{words}\n{}\n{}", done.stdout, done.stderr);
    }
}

#[test]
fn every_command_has_a_help_text_and_completions_are_printed() {
    let help = Pgfold::without_database().args(["--help"]).run().expect(0).stdout;
    let verbs = [
        "demo",
        "doctor",
        "apply",
        "enhance",
        "migrate",
        "map",
        "validate",
        "rollback",
        "resume",
        "status",
        "completions",
    ];
    for verb in verbs {
        assert!(help.contains(&format!("  {verb}")), "{verb} is not in the help:\n{help}");
        let own = Pgfold::without_database().args([verb, "--help"]).run().expect(0).stdout;
        assert!(own.contains("Usage: pgfold"), "{own}");
    }
    let script = Pgfold::without_database().args(["completions", "bash"]).run().expect(0).stdout;
    assert!(script.contains("_pgfold"));
}

#[test]
fn results_are_json_when_asked() {
    let database = legacy();
    let steps: [&[&str]; 7] = [
        &["doctor", "--format", "json"],
        &["migrate", "--dry-run", "--format", "json"],
        &["apply", "-y", "--format", "json"],
        &["validate", "--format", "json"],
        &["status", "--format", "json"],
        &["rollback", "--format", "json"],
        &["rollback", "--execute", "-y", "--format", "json"],
    ];
    for arguments in steps {
        let done = pgfold(&database, arguments).expect(0);
        serde_json::from_str::<serde_json::Value>(&done.stdout)
            .unwrap_or_else(|e| panic!("{arguments:?}: {e}\n{}", done.stdout));
    }
    let done = pgfold(&database, &["doctor", "nothing-of-that-name", "--format", "json"]);
    let error: serde_json::Value = serde_json::from_str(done.stderr.trim()).expect("an error as json");
    assert_eq!(error["exit"], 64);
}

//! An error, once: what happened, everything behind it, the next thing to type.

use crate::cli::{Format, completed};
use crate::error::Error;
use crate::finding::Finding;
use crate::text;

/// How many findings stand on a terminal; the JSON has all.
const MOST: usize = 50;

/// The error as it goes to stderr; `given`: the consolidation as it was named.
pub fn error(error: &Error, format: Format, given: Option<&str>) -> String {
    let complete = |text: String| given.map_or(text.clone(), |given| completed(&text, given));
    match format {
        Format::Json => {
            let mistakes: &[String] = mistakes(error);
            let value = serde_json::json!({
                "error": error.to_string(), "exit": error.exit(), "hint": error.hint().map(complete),
                "findings": error.findings(), "mistakes": mistakes, "server": error.further(),
            });
            format!("{value}\n")
        }
        Format::Human => complete(human(error)),
    }
}

fn mistakes(error: &Error) -> &[String] {
    match error {
        Error::Configuration { mistakes, .. } => mistakes,
        Error::PlanStale { changes, .. } => changes,
        _ => &[],
    }
}

fn human(error: &Error) -> String {
    let mut out = format!("error: {error}\n");
    for said in error.further() {
        out.push_str(&format!("  {said}\n"));
    }
    for mistake in mistakes(error) {
        out.push_str(&format!("  - {}\n", mistake.replace('\n', "\n    ")));
    }
    let findings = error.findings();
    for finding in findings.iter().take(MOST) {
        out.push_str(&line(finding));
    }
    if findings.len() > MOST {
        out.push_str(&format!("  and {} more; --format json lists them\n", findings.len() - MOST));
    }
    if let Some(hint) = error.hint() {
        out.push_str(&format!("hint: {}\n", text::inert(&hint)));
    }
    out
}

fn line(f: &Finding) -> String {
    let todo = if f.todo.is_empty() { String::new() } else { format!("\n      → {}", text::inert(&f.todo)) };
    format!("  - {}: {} [{}]{todo}\n", text::inert(&f.about), text::inert(&f.found), f.rule)
}

/// Whether the command line asks for JSON, as far as can be seen where it is wrong.
pub fn wants_json(arguments: impl Iterator<Item = String>) -> bool {
    let all: Vec<String> = arguments.collect();
    all.iter().any(|a| a == "--format=json") || all.windows(2).any(|w| w[0] == "--format" && w[1] == "json")
}

/// Prints the error, if there is one, and gives its exit code.
pub fn exit(ended: crate::error::Result<()>, format: Format, given: Option<&str>) -> std::process::ExitCode {
    use std::io::Write;
    match ended {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(e) => {
            // for the log only: on stderr an error stands once
            tracing::error!(target: "pgfold::outcome", exit = e.exit(), "{e}");
            // a closed stderr must not hide the exit code
            let _ = std::io::stderr().write_all(error(&e, format, given).as_bytes());
            std::process::ExitCode::from(e.exit())
        }
    }
}

//! The seven checks for people.

use crate::text::{self, thousands};
use crate::validate::{Check, Failure, Verdict};

pub fn human(checks: &[Check]) -> String {
    let mut out = String::from("\n");
    for c in checks {
        let verdict = match c.verdict {
            Verdict::Passed => "passed",
            Verdict::Warned => "warned",
            Verdict::Failed => "FAILED",
            Verdict::NotEvaluated => "NOT EVALUATED",
            Verdict::NotApplicable => "not applicable",
        };
        out.push_str(&format!("{} {:<26}{:<16}{}\n", c.number, c.title, verdict, text::inert(&c.examined)));
        for f in &c.failures {
            out.push_str(&line("✗", f));
        }
        for f in &c.apart {
            out.push_str(&line("·", f));
        }
        if !c.hint.is_empty() {
            out.push_str(&format!("    → {}\n", c.hint));
        }
    }
    let counted = checks.iter().filter(|c| c.verdict != Verdict::NotApplicable).count();
    let passed = checks.iter().filter(|c| c.verdict == Verdict::Passed).count();
    let apart = checks.len() - counted;
    let rest = if apart == 0 { String::new() } else { format!(", {apart} not applicable") };
    let warned = checks.iter().filter(|c| c.verdict == Verdict::Warned).count();
    let warned = if warned == 0 { String::new() } else { format!(", {warned} warned") };
    out.push_str(&format!("\n{passed} of {counted} checks passed{warned}{rest}\n"));
    out
}

fn line(mark: &str, f: &Failure) -> String {
    let rows = if f.rows > 1 || !f.examples.is_empty() { format!(": {}", thousands(f.rows)) } else { String::new() };
    let examples: Vec<String> = f.examples.iter().map(|e| text::cut(&text::inert(e), 60)).collect();
    let examples = if examples.is_empty() { String::new() } else { format!(" ({})", examples.join(", ")) };
    format!("    {mark} {}{rows}{examples}\n", text::inert(&f.what))
}

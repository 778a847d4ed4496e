//! The seven checks for people.

use crate::facts::CheckVerdict;
use crate::text::{self, thousands};
use crate::validate::{Check, Failure};

pub fn human(checks: &[Check]) -> String {
    let mut out = String::from("\n");
    for c in checks {
        let verdict = match c.verdict {
            CheckVerdict::Passed => "passed",
            CheckVerdict::Warned => "warned",
            CheckVerdict::Failed => "FAILED",
            CheckVerdict::NotEvaluated => "NOT EVALUATED",
            CheckVerdict::NotApplicable => "not applicable",
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
    let counted = checks.iter().filter(|c| c.verdict != CheckVerdict::NotApplicable).count();
    let passed = checks.iter().filter(|c| c.verdict == CheckVerdict::Passed).count();
    let apart = checks.len() - counted;
    let rest = if apart == 0 { String::new() } else { format!(", {apart} not applicable") };
    let warned = checks.iter().filter(|c| c.verdict == CheckVerdict::Warned).count();
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

//! How grave a failed check is, by what it found, and what to type for it.

use crate::validate::{Check, Verdict};

/// What was found, least grave first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Found {
    /// Something to be mended by hand.
    Fault,
    /// Legacy rows came, changed or went since the run.
    Late,
    /// Somebody edited rows since the run.
    Edits,
    /// Nothing could be examined; what to type for it.
    Unexamined(String),
    /// Rows or values that the run should have brought are not there.
    Lost,
    /// Rows that were there before the run are not there any more.
    Gone,
}

impl Found {
    /// 1 fix, 2 roll back, 3 restore.
    pub fn severity(&self) -> u8 {
        match self {
            Found::Fault | Found::Late | Found::Edits | Found::Unexamined(_) => 1,
            Found::Lost => 2,
            Found::Gone => 3,
        }
    }
}

/// Every kind that some check found, least grave first.
pub fn found(checks: &[Check]) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::new();
    for check in checks {
        match check.verdict {
            Verdict::NotEvaluated => out.push(Found::Unexamined(check.hint.clone())),
            Verdict::Failed => out.extend(check.failures.iter().map(|f| kind(check.number, &f.what))),
            _ => {}
        }
    }
    out.sort();
    out.dedup();
    out
}

fn kind(number: u8, what: &str) -> Found {
    // check 1 names the source first
    let said = if number == 1 { what.split_once(": ").map_or(what, |(_, said)| said) } else { what };
    match number {
        1 if said.starts_with("edited in the target") => Found::Edits,
        1 if LATE.iter().any(|l| said.starts_with(l)) => Found::Late,
        6 if said.starts_with("edited") => Found::Edits,
        6 if said.contains("gone") => Found::Gone,
        1 | 5 | 6 => Found::Lost,
        _ => Found::Fault,
    }
}

const LATE: [&str; 4] =
    ["came since the run", "edited since", "gone from the source since the run", "left out by a part run"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_checks_have_their_kind() {
        for (number, what, severity) in [
            (1, "ai_agents: came since the run, not moved yet", 1),
            (1, "ai_agents: edited since the run", 1),
            (1, "ai_agents: edited in the target since the run: name", 1),
            (1, "ai_agents: lost: name", 2),
            (1, "ai_agents: its target row is not there (inserted)", 2),
            (4, "agents: live rows without a mapping", 1),
            (5, "left without its row in agents", 2),
            (6, "edited since the run began", 1),
            (6, "gone", 3),
        ] {
            assert_eq!(kind(number, what).severity(), severity, "{what}");
        }
    }
}

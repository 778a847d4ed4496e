//! What a look at the facts found: a rule, how bad it is, where, and what to do.

use serde::Serialize;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// As it should be; listed so that one sees it was looked at.
    Ok,
    /// Worth knowing, stops nothing.
    Note,
    /// May hurt; a person should decide.
    Warning,
    /// Stops the command.
    Refusal,
    /// Could not be looked at; never the same as `Ok`.
    NotEvaluated,
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable name, e.g. `unknown-column`; an interface.
    pub rule: &'static str,
    pub severity: Severity,
    /// What it is about: a table, column, file or setting.
    pub about: String,
    /// What was found, one sentence.
    pub found: String,
    /// The next thing to type or to write; empty when nothing is to be done.
    pub todo: String,
}

impl Finding {
    pub fn new(
        rule: &'static str,
        severity: Severity,
        about: impl Into<String>,
        found: impl Into<String>,
        todo: impl Into<String>,
    ) -> Self {
        Finding { rule, severity, about: about.into(), found: found.into(), todo: todo.into() }
    }

    pub fn refuses(&self) -> bool {
        self.severity == Severity::Refusal
    }
}

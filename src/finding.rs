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
    /// The name that is wrong and those that could have been meant, where there are such.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
}

/// A name that is not there, with those that are, the likeliest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    pub wrong: String,
    pub right: Vec<String>,
    /// The name stands by itself, not in an expression.
    #[serde(skip)]
    pub plain: bool,
}

impl Finding {
    pub fn new(
        rule: &'static str,
        severity: Severity,
        about: impl Into<String>,
        found: impl Into<String>,
        todo: impl Into<String>,
    ) -> Self {
        Finding { rule, severity, about: about.into(), found: found.into(), todo: todo.into(), fix: None }
    }

    /// With names that could have been meant.
    pub fn with(mut self, fix: Fix) -> Self {
        self.fix = (!fix.right.is_empty()).then_some(fix);
        self
    }

    pub fn refuses(&self) -> bool {
        self.severity == Severity::Refusal
    }
}

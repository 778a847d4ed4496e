//! The findings of one comparison of the manifest with the catalog, as they are collected.

use crate::finding::{Finding, Severity};
use crate::planner::input::PlanInput;

pub(in crate::planner) struct ContractCheck<'a> {
    pub(in crate::planner) given: &'a PlanInput<'a>,
    pub(in crate::planner) findings: Vec<Finding>,
}

impl ContractCheck<'_> {
    pub(in crate::planner) fn say(
        &mut self,
        rule: &'static str,
        severity: Severity,
        about: &str,
        found: String,
        todo: String,
    ) {
        self.findings.push(Finding::new(rule, severity, about, found, todo));
    }

    pub(in crate::planner) fn refuse(&mut self, rule: &'static str, about: &str, found: String, todo: String) {
        self.say(rule, Severity::Refusal, about, found, todo);
    }
}

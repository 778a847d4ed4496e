//! A table that we may not read, and the grant that would allow it.

use crate::catalog::Table;
use crate::finding::{Finding, Severity};
use crate::sql::{Ident, Sql};

use super::contract::Look;

impl Look<'_> {
    /// One finding with its grant, instead of one for every expression that cannot be tried.
    pub(super) fn readable(&mut self, table: &Table, at: &str) {
        if !table.can_select {
            let me = Ident::of_the_server(self.given.catalog.server.user.as_str());
            let grant = Sql::fill("grant select on ${t} to ${me}", &[("t", &table.name), ("me", &me)]);
            let found = format!("may not read `{}`", table.name.plain());
            let todo = format!("{grant}, or connect as its owner");
            self.findings.push(Finding::new("no-select", Severity::Refusal, at, found, todo));
        }
    }
}

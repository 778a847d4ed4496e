//! Whether we may do what the plan needs, with the statement that would allow it.

use crate::catalog::{Catalog, Table};
use crate::finding::{Finding, Severity};
use crate::sql::{Ident, Sql};

/// What a command is going to do.
#[derive(Debug, Clone, Copy)]
pub struct Wants {
    pub enhance: bool,
    pub write_rows: bool,
}

/// A right that the server says we lack, with the statement that gives it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Lacking {
    pub about: String,
    pub found: String,
    pub statement: String,
    /// Only enhancements need it.
    pub for_enhancing: bool,
}

pub fn rights(
    catalog: &Catalog,
    target: &Table,
    sources: &[&Table],
    wants: Wants,
    lacking: &[Lacking],
) -> Vec<Finding> {
    let mut out = Vec::new();
    let me = Ident::of_the_server(catalog.server.user.as_str());
    let mut refuse = |about: String, found: &str, todo: Sql| {
        out.push(Finding::new("missing-right", Severity::Refusal, about, found, todo.to_string()));
    };
    for l in lacking.iter().filter(|l| wants.enhance || !l.for_enhancing) {
        refuse(l.about.clone(), &l.found, Sql::of_the_server(l.statement.as_str()));
    }
    if (wants.enhance || wants.write_rows) && !target.owned {
        let owner = Ident::of_the_server(target.owner.as_str());
        // a member of a superuser's role is one
        let grant = if target.owner_is_superuser {
            Sql::fill("alter table ${t} owner to ${me}", &[("t", &target.name), ("me", &me)])
        } else {
            Sql::fill("grant ${o} to ${me}", &[("o", &owner), ("me", &me)])
        };
        refuse(
            target.name.plain(),
            "we do not own the target, and only its owner may alter it or silence its triggers",
            grant,
        );
    }
    if wants.write_rows && target.owned && !(target.can_insert && target.can_select && target.can_update) {
        let grant =
            Sql::fill("grant select, insert, update, delete on ${t} to ${me}", &[("t", &target.name), ("me", &me)]);
        refuse(target.name.plain(), "we may not write to the target", grant);
    }
    for source in sources.iter().filter(|s| !s.can_select) {
        let grant = Sql::fill("grant select on ${t} to ${me}", &[("t", &source.name), ("me", &me)]);
        refuse(source.name.plain(), "we may not read the source", grant);
    }
    // its owner sees every row, unless it is forced to see what the policies show
    if target.row_security && target.row_security_forced && !catalog.server.bypasses_rls {
        let todo = Sql::fill("alter role ${me} bypassrls", &[("me", &me)]);
        refuse(target.name.plain(), "row security hides rows of the target from us", todo);
    }
    if out.is_empty() {
        let found = format!("`{}` may do all that is needed", catalog.server.user);
        out.push(Finding::new("rights", Severity::Ok, target.name.plain(), found, ""));
    }
    out
}

//! Whether we may read and write the ledger that is there, with the grants that would allow it.

use crate::catalog::ServerFacts;
use crate::finding::{Finding, Severity};
use crate::sql::{Ident, Sql};

/// Nothing where there is none, or where we may do what is wanted.
pub fn ledger(server: &ServerFacts, to_write: bool) -> Option<Finding> {
    let there = server.ledger.as_ref()?;
    let me = Ident::of_the_server(server.user.as_str());
    let owner = Ident::of_the_server(there.owner.as_str());
    let pieces: [(&str, &dyn crate::sql::Piece); 2] = [("me", &me), ("o", &owner)];
    let write = Sql::fill("grant ${o} to ${me}", &pieces);
    let read = "grant usage on schema pgfold to ${me}; grant select on all tables in schema pgfold to ${me}";
    let read = Sql::fill(read, &pieces);
    let (found, todo) = match (there.readable, there.ours) {
        (false, _) => (
            format!("the ledger belongs to `{}`, and we may not read it", crate::text::inert(&there.owner)),
            format!("to look: {read}; to run, too: {write}"),
        ),
        (true, false) if to_write => (
            format!("the ledger belongs to `{}`, and we may not write to it", crate::text::inert(&there.owner)),
            write.to_string(),
        ),
        _ => return None,
    };
    Some(Finding::new("missing-right", Severity::Refusal, "schema pgfold", found, todo))
}

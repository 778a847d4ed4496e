//! A rehearsal's transactions: savepoints of one that is taken back, which nothing may end.

use super::session::Session;
use crate::error::{Error, Result};
use crate::sql::parse::{self, Syntax};
use crate::sql::{Sql, token};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nested {
    Open,
    Closed,
}

impl Session {
    /// Begins the one transaction of a rehearsal: until its end every other is a savepoint of it.
    pub async fn begin_rehearsal(&mut self) -> Result<()> {
        self.begin_bare().await?;
        self.rehearsal = Some(Nested::Closed);
        Ok(())
    }

    /// Takes back everything since the rehearsal began.
    pub async fn end_rehearsal(&mut self) -> Result<()> {
        self.rehearsal = None;
        self.rollback().await
    }

    pub fn is_rehearsing(&self) -> bool {
        self.rehearsal.is_some()
    }

    /// What a rehearsal does in place of a commit or a rollback; nothing outside of one.
    pub(super) async fn end_nested(&mut self, doing: &str, sql: &'static str) -> Option<Result<()>> {
        match self.rehearsal? {
            Nested::Closed => Some(Ok(())),
            Nested::Open => {
                self.rehearsal = Some(Nested::Closed);
                Some(self.script(doing, &Sql::constant(sql)).await)
            }
        }
    }

    /// A rehearsal is one transaction: nothing that somebody wrote may end it.
    pub(super) fn unbroken(&self, doing: &str, text: &str) -> Result<()> {
        if self.rehearsal.is_none() || leaves_open(text).is_none() {
            return Ok(());
        }
        Err(Error::Gate {
            what: format!("{doing} begins or ends a transaction by itself; that cannot be rehearsed"),
            findings: Vec::new(),
            hint: "take `begin` and `commit` out of the file".to_owned(),
        })
    }
}

/// Whether a script leaves a transaction open behind it; nothing where it neither begins nor ends one.
pub(super) fn leaves_open(script: &str) -> Option<bool> {
    let ends_or_begins = ["begin", "start", "commit", "end", "rollback", "abort", "prepare"];
    let mut open = None;
    for statement in token::statements(script).unwrap_or_default() {
        let first = statement.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        if !ends_or_begins.iter().any(|w| first.eq_ignore_ascii_case(w)) {
            continue;
        }
        let parsed = parse::statement(&statement);
        let Some(node) = parsed.node() else { continue };
        match node.syntax() {
            Syntax::BEGIN => open = Some(true),
            Syntax::COMMIT_TRANSACTION | Syntax::ROLLBACK_TRANSACTION => {
                open = Some(node.contains(Syntax::CHAIN_KW) && !node.contains(Syntax::NO_KW));
            }
            Syntax::PREPARE_TRANSACTION => open = Some(false),
            _ => {}
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use super::leaves_open;

    #[test]
    fn a_script_that_begins_and_does_not_end_is_seen_to_be_open() {
        assert_eq!(leaves_open("begin; do $x$ begin; end $x$; select 1"), Some(true));
        assert_eq!(leaves_open("-- commit\nbegin; update a set b = 'commit;'; rollback to savepoint s"), Some(true));
        assert_eq!(leaves_open("begin; select 1; commit;"), Some(false));
        assert_eq!(leaves_open("begin; commit and chain"), Some(true));
        assert_eq!(leaves_open("start transaction read only; prepare transaction 'x'"), Some(false));
        assert_eq!(leaves_open("set local x = 1; savepoint s; rollback prepared 'x'"), None);
    }
}

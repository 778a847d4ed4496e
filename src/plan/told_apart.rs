//! Whether all rows of a source can be seen, and each told from every other.

use crate::catalog::Table;
use crate::manifest::Source;
use crate::sql::{Ident, Sql};
use crate::text;

use super::absent;
use super::contract::Look;

impl Look<'_> {
    pub(super) fn identity(&mut self, source: &Source, legacy: &Table, at: &str) {
        let columns: Vec<&str> = source.id.iter().map(|c| c.raw()).collect();
        let mut all = true;
        for column in &columns {
            all &= self.has_kind(&format!("{at}.id"), legacy, column, None, &absent::used(source, legacy));
        }
        let never_null = columns.iter().all(|c| legacy.column(c).is_some_and(|c| c.not_null));
        let unique = legacy.indexes.iter().any(|i| i.predicate.is_none() && i.is_key_over(&columns));
        if all && !(never_null && unique) {
            let found =
                format!("({}) of `{}` is not both not null and unique", columns.join(", "), legacy.name.plain());
            self.refuse("id-not-unique", &format!("{at}.id"), found, "name the primary key's columns".to_owned());
        }
        if legacy.has_heirs {
            let found = format!("other tables inherit from `{}`: no index keeps their ids apart", legacy.name.plain());
            let todo = "fold each heir as a source, and move the parent's own rows into one, too".to_owned();
            self.refuse("heirs", at, found, todo);
        }
    }

    /// Every line that speaks of a row names it by its id: one that must not be shown cannot be the id.
    pub(super) fn shown(&mut self, source: &Source, legacy: &Table, at: &str) {
        for column in source.id.iter().filter(|c| source.sensitive.iter().any(|s| s == c.raw())) {
            let found = format!(
                "`{}` is sensitive, and is the id by which ledger, files and commands name each row: it cannot be masked",
                column.raw()
            );
            let serves = |name: &&str| {
                let never_null = legacy.column(name).is_some_and(|c| c.not_null);
                let unique = legacy.indexes.iter().any(|i| i.predicate.is_none() && i.is_key_over(&[name]));
                never_null && unique && !source.sensitive.iter().any(|s| s == name)
            };
            let others: Vec<&str> = legacy.column_names().into_iter().filter(serves).collect();
            let todo = if others.is_empty() {
                "give the table a surrogate key and name that as `id`, or take the column out of `sensitive`".to_owned()
            } else {
                format!("name {} as `id`, or take the column out of `sensitive`", text::quoted_list(&others))
            };
            self.refuse("sensitive-id", &format!("{at}.id"), found, todo);
        }
    }

    /// A reader whom row security filters would see fewer rows, without an error.
    pub(super) fn row_security(&mut self, legacy: &Table, at: &str) {
        let server = &self.given.catalog.server;
        let hidden = legacy.row_security && !server.bypasses_rls && (!legacy.owned || legacy.row_security_forced);
        if hidden {
            let found = format!("row security of `{}` hides rows from `{}`", legacy.name.plain(), server.user);
            let me = Ident::of_the_server(server.user.as_str());
            let bypass = Sql::fill("alter role ${me} bypassrls", &[("me", &me)]);
            let todo = if legacy.owned {
                format!("connect as a role with bypassrls: {bypass}")
            } else {
                format!("connect as its owner `{}`, or as a role with bypassrls: {bypass}", legacy.owner)
            };
            self.refuse("row-security", at, found, todo);
        }
    }
}

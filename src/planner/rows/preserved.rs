//! What must be the same after a run in the rows that were there before it.

use crate::catalog::{Column, Table};
use crate::manifest::Manifest;
use crate::planner::rows::source_query::hash_of;
use crate::sql::{Ident, Piece, Sql};

const ALIAS: &str = "pgfold_t";

/// `$1` run: a hash per row, taken before the first write.
pub(in crate::planner) fn remember(manifest: &Manifest, now: &Table) -> Sql {
    let alias = Ident::of_the_server(ALIAS);
    let hash = preserved(manifest, now, None);
    Sql::fill(
        include_str!("../../../sql/run/remember.sql"),
        &[("id", &manifest.target.id), ("hash", &hash), ("target", &now.name), ("alias", &alias)],
    )
}

/// The hash of a row of before over the columns that check 6 holds a run to: those that are there, but for `ignore_changes` and
/// for what an enhancement declares. A key that was null counts as what a backfill makes of it.
/// `then` are the columns that the run hashed, where it said so; those that came since are no edit.
pub fn preserved(manifest: &Manifest, now: &Table, then: Option<&[String]>) -> Sql {
    let alias = Ident::of_the_server(ALIAS);
    let (columns, key) = held_to(manifest, now, then);
    let key = key.map(|key| {
        let pieces: [(&str, &dyn Piece); 2] = [("t", &alias), ("c", &key)];
        let own = Sql::fill("${t}.${c}::text", &pieces);
        match &manifest.target.existing_key {
            // in a scope of its own, where its names cannot meet those of the ledger
            Some(existing) => Sql::fill(
                "coalesce(${own}, (select (${existing})::text from (select ${t}.*) pgfold_x))",
                &[("own", &own), ("existing", existing), ("t", &alias)],
            ),
            None => own,
        }
    });
    hash_of(&alias, &columns, key)
}

fn held_to<'a>(manifest: &Manifest, now: &'a Table, then: Option<&[String]>) -> (Vec<&'a Column>, Option<Ident>) {
    let declared = |c: &str| {
        manifest.enhancements.iter().flat_map(|e| &e.adds).any(|a| a.column.raw() == c && a.table.name == now.name.name)
    };
    let today: Vec<&Column> = (now.columns.iter())
        .filter(|c| !c.generated && !manifest.target.ignore_changes.contains(&c.name) && !declared(&c.name))
        .collect();
    let of_then = then.filter(|t| !t.is_empty()).and_then(|t| t.iter().map(|n| now.column(n)).collect());
    let held: Vec<&Column> = of_then.unwrap_or(today);
    let key = &manifest.target.key;
    let has_key = held.iter().any(|c| c.name == key.raw());
    (held.into_iter().filter(|c| c.name != key.raw()).collect(), has_key.then(|| key.clone()))
}

/// The columns of that hash, the key among them.
pub(in crate::planner) fn preserved_columns(manifest: &Manifest, now: &Table) -> Vec<String> {
    let (columns, key) = held_to(manifest, now, None);
    columns.iter().map(|c| c.name.clone()).chain(key.map(|k| k.raw().to_owned())).collect()
}

//! What must be the same after a run in the rows that were there before it.

use crate::catalog::{Column, Table};
use crate::manifest::Manifest;
use crate::sql::{Ident, Piece, Sql};

use super::fold::hash_of;

const ALIAS: &str = "pgfold_t";

/// `$1` run: a hash per row, taken before the first write.
pub(super) fn remember(manifest: &Manifest, now: &Table) -> Sql {
    let alias = Ident::of_the_server(ALIAS);
    let hash = preserved(manifest, now);
    Sql::fill(
        include_str!("../../sql/run/remember.sql"),
        &[("id", &manifest.target.id), ("hash", &hash), ("target", &now.name), ("alias", &alias)],
    )
}

/// The hash of a row of before over the columns that check 6 holds a run to: those that are there, but for churn and
/// for what an enhancement declares. A key that was null counts as what a backfill makes of it.
pub fn preserved(manifest: &Manifest, now: &Table) -> Sql {
    let alias = Ident::of_the_server(ALIAS);
    let (columns, key) = held_to(manifest, now);
    let key = key.map(|key| {
        let pieces: [(&str, &dyn Piece); 2] = [("t", &alias), ("c", &key)];
        let own = Sql::fill("${t}.${c}::text", &pieces);
        match &manifest.target.existing {
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

fn held_to<'a>(manifest: &Manifest, now: &'a Table) -> (Vec<&'a Column>, Option<Ident>) {
    let declared = |c: &str| {
        manifest.enhancements.iter().flat_map(|e| &e.adds).any(|a| a.column.raw() == c && a.table.name == now.name.name)
    };
    let held: Vec<&Column> = (now.columns.iter())
        .filter(|c| !c.generated && !manifest.target.churn.contains(&c.name) && !declared(&c.name))
        .collect();
    let key = &manifest.target.key;
    let has_key = held.iter().any(|c| c.name == key.raw());
    (held.into_iter().filter(|c| c.name != key.raw()).collect(), has_key.then(|| key.clone()))
}

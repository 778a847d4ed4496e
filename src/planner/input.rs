//! Everything that a plan is made from.

use std::collections::BTreeMap;

use crate::catalog::{Catalog, Objects, Table, TypeShape};
use crate::manifest::Manifest;
use crate::plan::{Decided, HashedColumns, PartialRun};
use crate::planner::enhancement::EnhancementScript;
use crate::sql::{Ident, Name};

/// What the ledger holds when the plan is made.
#[derive(Debug, Clone, Default)]
pub struct EarlierRuns {
    /// Runs of this consolidation that stand.
    pub standing: Vec<i64>,
    /// Runs that were rolled back; their target ids are used again.
    pub undone: Vec<i64>,
    /// Of which columns the hashes of each run are; of any run that knows.
    pub hashed: BTreeMap<i64, HashedColumns>,
}

/// An enhancement file that the ledger knows as applied.
#[derive(Debug, Clone, Default, PartialEq, serde::Deserialize)]
pub struct Applied {
    /// Over the file without comments and blanks.
    pub checksum: Option<String>,
    /// What was run; none where it was marked.
    pub script: Option<String>,
    /// The run that applied it; none where it was marked.
    pub run: Option<i64>,
}

/// Which parts of a consolidation a command carries out.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    pub enhance: bool,
    pub migrate: bool,
    /// Names of mappings; `None` for none, an empty list for all.
    pub map: Option<Vec<String>>,
    /// The application goes on writing to the sources, and the run settles with them at its end.
    pub online: bool,
    /// Which legacy rows are taken.
    pub part: PartialRun,
    /// A mapping's name, and what people decided of it.
    pub decided: Option<(String, Vec<Decided>)>,
}

/// Everything that a plan is made from.
pub struct PlanInput<'a> {
    pub consolidation: &'a str,
    pub verb: &'a str,
    pub manifest: &'a Manifest,
    pub catalog: &'a Catalog,
    pub objects: &'a Objects,
    pub scripts: &'a [EnhancementScript],
    /// Taxonomy texts by file name.
    pub taxonomies: &'a BTreeMap<String, String>,
    /// The checksum of each enhancement file.
    pub checksums: &'a BTreeMap<String, String>,
    /// Enhancements that runs which stand have done, or that were marked as applied.
    pub applied: &'a BTreeMap<String, Applied>,
    /// Written type names as the server spells them.
    pub types: &'a BTreeMap<String, TypeShape>,
    pub before: &'a EarlierRuns,
    /// Foreign keys into the target: (table, column, target column).
    pub referenced_by: &'a [(Name, Ident, Ident)],
    pub scope: Scope,
}

impl PlanInput<'_> {
    pub fn target(&self) -> Option<&Table> {
        self.catalog.table(&self.manifest.target.table)
    }
}

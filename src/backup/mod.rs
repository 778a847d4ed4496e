//! pg_dump and pg_restore with a manifest: a backup is one that was read back.

mod manifest;
mod part;
mod program;
mod read;
mod restore;
mod take;

pub use manifest::{Manifest, Rows, before, newest};
pub use program::Access;
pub use read::{Proof, verify};
pub use restore::{Restoring, counted, in_place, into_new, outside, prove};
pub use take::{Wanted, folder_name, take};

use crate::error::Error;

/// A backup that cannot be trusted or does not fit is a gate.
fn refuse(what: impl Into<String>, hint: impl Into<String>) -> Error {
    Error::Gate { what: what.into(), findings: Vec::new(), hint: hint.into() }
}

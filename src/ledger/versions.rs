//! The versions of the ledger's schema, each with what brings an older ledger there.

macro_rules! upgrade {
    ($version:literal, $name:literal) => {
        ($version, include_str!(concat!("../../sql/ledger/upgrades/", $name, ".sql")))
    };
}

/// What brings a ledger from the version before to this one, oldest first. Version 0 had no row for its version.
pub const UPGRADES: &[(i32, &str)] = &[
    upgrade!(1, "0001_versions"),
    upgrade!(2, "0002_failure_class"),
    upgrade!(3, "0003_unchanged"),
    upgrade!(4, "0004_reason_codes"),
    upgrade!(5, "0005_claims"),
    upgrade!(6, "0006_primary_keys"),
    upgrade!(7, "0007_enhancements"),
];

/// The version that this program reads and writes.
pub fn newest_version() -> i32 {
    UPGRADES.last().map_or(0, |(version, _)| *version)
}

//! `[checks]`: how much a check bears before it warns, and before it fails; and what only the whole manifest shows.

use serde::Deserialize;

use super::Source;

/// Failing rows: more than `warn` are said, more than `fail` fail the check.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct Bears {
    #[serde(default)]
    pub warn: u64,
    #[serde(default)]
    pub fail: u64,
}

/// Times the baseline: a query above `warn` is said, one above `fail` fails the check.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct Slower {
    pub warn: Option<f64>,
    #[serde(default = "Slower::fails")]
    pub fail: f64,
}

impl Slower {
    fn fails() -> f64 {
        1.5
    }
}

impl Default for Slower {
    fn default() -> Slower {
        Slower { warn: None, fail: Slower::fails() }
    }
}

/// Lost rows, shared identities and changed rows of before are never borne, so checks 1, 2 and 6 have no threshold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
pub struct Checks {
    #[serde(default)]
    pub required_fields: Bears,
    #[serde(default)]
    pub mappings: Bears,
    #[serde(default)]
    pub relationships: Bears,
    #[serde(default)]
    pub slower: Slower,
}

impl Checks {
    /// What contradicts itself, one sentence each.
    pub fn mistakes(&self) -> Vec<String> {
        let rows = [
            ("required_fields", self.required_fields),
            ("mappings", self.mappings),
            ("relationships", self.relationships),
        ];
        let mut out: Vec<String> = (rows.iter())
            .filter(|(_, b)| b.warn > b.fail)
            .map(|(name, b)| format!("`checks.{name}`: {} rows fail before {} are a warning", b.fail + 1, b.warn + 1))
            .collect();
        if self.slower.fail < 1.0 || self.slower.warn.is_some_and(|w| w < 1.0 || w > self.slower.fail) {
            out.push("`checks.slower`: write times the baseline, 1 or more, and `warn` below `fail`".to_owned());
        }
        out
    }
}

/// Sources that name one table: the ledger tells its rows apart by table and id.
pub(super) fn twice(sources: &[Source]) -> Vec<String> {
    let again = |n: usize, s: &Source| sources.iter().take(n).any(|o| o.table == s.table);
    let found = sources.iter().enumerate().filter(|(n, s)| again(*n, s));
    found
        .map(|(_, s)| {
            format!(
                "`source`: `{}` stands there twice; make it one, with `where` and `map` for what differs",
                s.table.plain()
            )
        })
        .collect()
}

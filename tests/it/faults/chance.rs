//! Chance that can be had again: the seed is printed, and `PGFOLD_FAULT_SEED` sets it.

use std::time::SystemTime;

/// xorshift.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// From `PGFOLD_FAULT_SEED`, else from the clock; said on stderr, which a failed test shows.
    pub fn new(what: &str) -> Chance {
        let given = std::env::var("PGFOLD_FAULT_SEED").ok().and_then(|s| s.parse().ok());
        let now = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_micros() as u64;
        let seed = given.unwrap_or_else(now);
        say(&format!("{what}: PGFOLD_FAULT_SEED={seed}"));
        Chance::of(seed)
    }

    pub fn of(seed: u64) -> Chance {
        Chance(seed | 1)
    }

    /// What gives the same again as long as nothing was drawn.
    pub fn seed(&self) -> u64 {
        self.0
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n.max(1)
    }
}

/// For whoever reads a failed test, or all with `--nocapture`.
#[expect(clippy::print_stderr, reason = "a test's own words")]
pub fn say(words: &str) {
    eprintln!("{words}");
}

/// A number from the environment.
pub fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|s| s.parse().ok())
}

//! Whether there is room for what a run writes.

use crate::catalog::Surroundings;
use crate::finding::{Finding, Severity};
use crate::text;

/// Rows in the target with their indexes, their crosswalk, the stored losers, and the log of all of it.
const TIMES: u64 = 4;

/// `free`: bytes where the data lies; `None` when nobody could look.
pub fn disk(around: &Surroundings, free: Option<u64>) -> Vec<Finding> {
    let needed = around.sources_bytes * TIMES;
    let needs = format!("a run may write about {}", text::bytes(needed));
    let finding = match free {
        None => Finding::new(
            "disk-space",
            Severity::NotEvaluated,
            "data folder",
            format!("{needs}; the free space cannot be seen from here"),
            "say it: `pgfold doctor --disk-free 40GB`",
        ),
        Some(free) if free < needed => Finding::new(
            "disk-space",
            Severity::Refusal,
            "data folder",
            format!("{needs}, {} are free", text::bytes(free)),
            "make room first: a full disk stops the server, not only the run",
        ),
        Some(free) => Finding::new(
            "disk-space",
            Severity::Ok,
            "data folder",
            format!("{needs}, {} are free", text::bytes(free)),
            "",
        ),
    };
    vec![finding]
}

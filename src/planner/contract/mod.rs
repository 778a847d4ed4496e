//! The manifest held against the catalog: every mismatch at once.

pub mod candidates;
mod check;
pub mod expressions;
mod missing;
mod questions;
mod rows_there;
mod source_checks;
mod structure;
mod table_kinds;
pub mod unpredictable;

pub use expressions::{Lasts, Probe, probes};
pub use missing::creates;
pub use questions::{Question, questions};
pub use structure::{contract, not_as_declared};

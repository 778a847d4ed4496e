//! Which rows on the right belong to a row on the left, how sure that is, and why.

pub mod subject;
pub mod taxonomy;
pub mod read;
pub mod names;
pub mod words;
pub mod phrases;
pub mod verdict;
pub mod signal;
pub mod weigh;
pub mod infer;

pub use infer::Inference;
pub use names::Right;
pub use subject::Subject;
pub use taxonomy::{Entry, Rule, Taxonomy};
pub use verdict::{Because, Candidate, FallbackBudget, Verdict};

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
pub mod calibrate;
pub mod linear;
pub mod features;
pub mod learned;
pub mod infer;
pub mod score;
pub mod sheet;
pub mod pairs;
pub mod review;
pub mod statistics;

pub use calibrate::Wanted;
pub use infer::Inference;
pub use learned::{Labelled, Learned};
pub use names::{Names, Right};
pub use pairs::Fillable;
pub use score::{Judged, Score};
pub use statistics::Statistics;
pub use subject::{Label, Subject};
pub use taxonomy::{Entry, Rule, Taxonomy};
pub use verdict::{Because, Candidate, FallbackBudget, Verdict};

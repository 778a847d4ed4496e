//! What a plan is: ordered steps with their statements and their reverse, and the form in which it is saved.

mod added_data;
mod dictionary;
mod document;
mod file_state;
mod hashed;
mod load;
mod map_step;
mod observed;
mod online;
mod partial;
mod saved;
mod step;
mod undo;
mod written;

pub use added_data::AddedData;
pub use dictionary::DictionaryEntry;
pub use document::{Plan, RollbackFacts};
pub use file_state::FileState;
pub use hashed::HashedColumns;
pub use load::{BatchBounds, DisabledTriggers, JUDGED_NOW, LoadStep, PreviewQueries};
pub use map_step::{MapStep, PairRows};
pub use observed::{Declares, Observed, TableRows, left_behind, objects_query, verify};
pub use online::{CatchUp, CatchUpSource, WriterPolicy};
pub use partial::{PartialRun, UpTo};
pub use saved::{DatabaseIdentity, Estimate, FORMAT, Fingerprint, RowSet, SavedPlan, StatementEffect};
pub use step::{Action, Decided, Reverse, Step};
pub use undo::{Level, Picked, Rehearsed, rehearsal, undo, undo_step};
pub use written::Written;

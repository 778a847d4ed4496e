//! Takes runs back: which ones, by which script, and what a lost answer meant.

mod choose;
mod estimate;
pub mod execute;

pub use choose::{LaterChanges, Renamed, Wanted, choose, known, nothing, refused, rehearse, script};
pub use estimate::way_back;

//! A run from what was typed to its report: one pipeline for all commands that write.

mod announce;
pub mod checks;
pub mod completion;
pub mod gates;
mod job;
mod partial;
mod pipeline;
mod preview;
mod preview_files;
mod recovery;
mod rehearse;
mod remedy;
mod resume;
mod saved_plan;
mod severity;
mod suggest;
mod write_locks;

pub use checks::checks;
pub use pipeline::{check, work};
pub use recovery::{newest, nothing_yet, tell};
pub use remedy::Ways;
pub use resume::resume;
pub use saved_plan::{read as read_plan, save as save_plan};
pub use suggest::suggest;

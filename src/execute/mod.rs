//! Carries out any plan: steps in order, batches by workers, every commit with its line in the ledger.

mod batch;
mod batch_size;
mod blockers;
mod catch_up;
mod enhance;
mod event;
mod fence;
mod health;
mod index_time;
mod job;
mod map;
mod move_source;
mod pause;
mod preview;
mod preview_rows;
mod rehearse;
pub mod retry;
mod source_lock;
mod step;
mod steps;
mod target_statistics;
mod throttle;
mod without_concurrently;

pub use enhance::image;
pub use event::{Event, Sent, Watcher};
pub use health::Health;
pub use job::{Job, Manner};
pub use map::{MappingOutlook, Prepared, look_at_mapping, review_lines, said, statistics_today};
pub use preview::{Difference, Fate, Fault, LookedAt, Most, Outlook, look, raising};
pub use preview_rows::foretell;
pub use rehearse::{Carried, Locked, Tried, rehearse};
pub use steps::carry_out;
pub use target_statistics::Grown;
pub use throttle::Throttle;

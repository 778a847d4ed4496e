//! Manifest and catalog in, a plan of ordered and reversible steps out; nothing is read or written here.

mod build;
mod contract;
mod ddl;
mod dictionary;
mod draft;
mod enhancement;
mod fingerprint;
mod input;
mod mapping;
mod rows;

pub use build::{build, one_mapping, search_path};
pub use contract::{Lasts, Probe, Question, contract, creates, not_as_declared, probes, questions};
pub use ddl::target_after::referenced;
pub use dictionary::dictionary;
pub use draft::{Draft, ProfiledTable, Samples, draft};
pub use enhancement::{EnhancementScript, file_states};
pub use fingerprint::{all_effects, row_sets, shape};
pub use input::{Applied, EarlierRuns, PlanInput, Scope};
pub use mapping::fillable;
pub use rows::online::may_lock;
pub use rows::partial::{known_keys, next_rows};
pub use rows::preserved::preserved;
pub use rows::source_query::{SourceQuery, row_hash};
pub use rows::value_json::{TEXTS, in_json, is_document};
pub use rows::value_text::text_of;
pub use rows::write::target_hash;

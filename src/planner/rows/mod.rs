//! The SQL over rows: from a source's row to the target's, classified, previewed and written.

pub mod batch_bounds;
pub mod classify;
pub mod columns_of_then;
pub mod diff_columns;
pub mod differences;
pub mod evaluate_all;
mod gone;
pub mod key_conflicts;
pub mod merge;
pub mod online;
pub mod parents;
pub mod partial;
pub mod preserved;
pub mod preview;
pub mod row_id;
pub mod source_query;
pub mod stored_value;
pub mod unique_conflicts;
pub mod value_json;
pub mod value_text;
pub mod violations;
pub mod write;

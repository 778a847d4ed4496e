//! What the statements of enhancements do: what they make of the target, what they lock, what they touch.

pub mod beyond_rollback;
pub mod existing_objects;
pub mod legacy_access;
pub mod locks;
pub mod statement;
pub mod target_after;

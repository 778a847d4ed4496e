//! Folds several legacy PostgreSQL tables into one and proves that nothing was lost.
//!
//! The rooms, roof first; a room imports only rooms further down.
pub mod mapping;
pub mod finding;
pub mod text;
pub mod error;

//! Folds several legacy PostgreSQL tables into one and proves that nothing was lost.
//!
//! The rooms, roof first; a room imports only rooms further down.
pub mod commands;
pub mod init;
pub mod mapping_review;
pub mod run;
pub mod health;
pub mod export;
pub mod rollback;
pub mod context;
pub mod render;
pub mod cli;
pub mod report;
pub mod history;
pub mod notify;
pub mod folder;
pub mod execute;
pub mod validate;
pub mod backup;
pub mod consolidation;
pub mod introspect;
pub mod ledger;
#[cfg(feature = "demo")]
pub mod embedded;
pub mod pg;
// ---- below this line: no async, no driver, no files, no clock ----
pub mod planner;
pub mod gate;
pub mod plan;
pub mod preflight;
pub mod explain;
pub mod mapping;
pub mod manifest;
pub mod config;
pub mod catalog;
pub mod error;
pub mod finding;
pub mod sql;
pub mod text;
pub mod facts;

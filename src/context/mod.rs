//! What commands begin with: what was typed and set, the database as it is, and what is asked of a run.

mod app;
mod backups;
mod database;
mod pooler_check;
pub mod reconnect;
pub mod record;
mod request;
pub mod settings;
pub mod unfinished;
pub mod validate_args;

pub use app::Desk;
pub use database::{Ground, connect, open, watched};
pub use pooler_check::{no_pooler, pooler};
pub use reconnect::again;
pub use request::{Task, manner, whole};
pub use settings::settle;
pub use unfinished::has_ledger;

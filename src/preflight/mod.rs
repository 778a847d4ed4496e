//! Facts about server, rights and tables as findings; one file per kind of look.

mod rights;
mod server;

pub use rights::{Wants, rights};
pub use server::server;

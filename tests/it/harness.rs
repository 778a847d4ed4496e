//! What every test stands on: one PostgreSQL per test binary, a database per test, and the built `pgfold`.

mod database;
mod digest;
mod program;
mod proof;
mod scratch;

use std::sync::LazyLock;

use pgfold::embedded::{Options, Programs, Server};

pub use database::Database;
pub use program::{Finished, Pgfold, pgfold};
pub use scratch::Scratch;

/// Ends with this process. A machine without PostgreSQL fetches one; a server that does not start fails every test.
static CLUSTER: LazyLock<Server> = LazyLock::new(|| {
    let programs = Programs::find(None).or_else(|_| Programs::fetch());
    let programs = programs.unwrap_or_else(|e| panic!("no PostgreSQL for the tests: {e}\nhint: {}", hint(&e)));
    let options = Options { programs: Some(programs.bin().to_owned()), ..Options::default() };
    Server::start(&options).unwrap_or_else(|e| panic!("the server of the tests does not start: {e}"))
});

pub fn cluster() -> &'static Server {
    &CLUSTER
}

fn hint(error: &pgfold::error::Error) -> String {
    error.hint().unwrap_or_default()
}

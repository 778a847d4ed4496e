//! What every test stands on: one PostgreSQL per test binary, a database per test, and the built `pgfold`.

mod database;
mod digest;
mod program;
mod proof;
mod scratch;

use std::path::Path;
use std::sync::LazyLock;

use pgfold::embedded::{Options, Programs, Server};

pub use database::Database;
pub use program::{Finished, Pgfold, Started, pgfold};
pub use scratch::{Scratch, copy};

/// Ends with this process. A server that does not start fails every test.
static CLUSTER: LazyLock<Server> = LazyLock::new(|| {
    let options = Options { programs: Some(programs().to_owned()), ..Options::default() };
    Server::start(&options).unwrap_or_else(|e| panic!("the server of the tests does not start: {e}"))
});

pub fn cluster() -> &'static Server {
    &CLUSTER
}

/// The folder of PostgreSQL's programs. A machine without them fetches some, once.
pub fn programs() -> &'static Path {
    static PROGRAMS: LazyLock<Programs> = LazyLock::new(|| {
        let programs = Programs::find(None).or_else(|_| Programs::fetch());
        programs.unwrap_or_else(|e| panic!("no PostgreSQL for the tests: {e}\nhint: {}", e.hint().unwrap_or_default()))
    });
    PROGRAMS.bin()
}

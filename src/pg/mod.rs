//! The only door to the server, and the only room that knows the driver.

mod arg;
mod cancel;
mod connect;
mod decode;
mod fault;
mod libpq;
mod nested;
mod retry;
mod sent;
mod session;
mod settings;
mod tls;

pub use arg::Arg;
pub use connect::{Address, Server};
pub use decode::Texts;
pub use retry::{Answer, Backoff, answer};
pub use session::Session;
pub use settings::{Isolation, Settings};

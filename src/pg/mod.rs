//! The only door to the server, and the only room that knows the driver.

mod cancel;
mod connect;
mod decode;
mod fault;
mod nested;
mod retry;
mod sent;
mod session;
mod settings;

pub use connect::{Address, Server};
pub use retry::{Answer, Backoff, answer};
pub use session::{Arg, Session};
pub use settings::{Isolation, Settings};

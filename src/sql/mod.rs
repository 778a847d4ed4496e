//! The only way to build SQL: names, literals, expressions as written, and templates that take nothing else.

mod expr;
mod ident;
pub mod parse;
#[cfg(feature = "planted")]
pub mod planted;
mod template;
pub mod token;

pub use expr::Expr;
pub use ident::{Ident, Literal, Name, TableRef};
pub use template::{Piece, Sql};

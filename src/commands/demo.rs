//! Shows everything on a throw-away PostgreSQL of its own.

use super::Desk;
use crate::cli::Demo;
use crate::error::Result;

pub async fn demo(desk: &mut Desk, _args: Demo) -> Result<()> {
    desk.out.words("demo")
}

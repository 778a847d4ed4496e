//! Shows everything on a throw-away PostgreSQL of its own.

use crate::cli::Demo;
use crate::error::Result;
use crate::operate::Desk;

pub async fn demo(desk: &mut Desk, _args: Demo) -> Result<()> {
    desk.out.words("demo")
}

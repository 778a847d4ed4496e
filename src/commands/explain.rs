//! What a finding, check, exit code or gate means; needs no server.

use crate::cli;
use crate::context::Desk;
use crate::error::Result;
use crate::explain;

pub fn explain(desk: &Desk, args: &cli::Explain) -> Result<()> {
    match args.id.as_slice() {
        [] => desk.out.explained(&explain::all()?),
        words => desk.out.explained(&[explain::explain(&words.join(" "))?]),
    }
}

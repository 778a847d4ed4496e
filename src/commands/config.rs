//! Which settings hold and where each comes from; the JSON Schemas of both files.

use crate::cli;
use crate::config;
use crate::context::Desk;
use crate::error::Result;
use crate::manifest;

pub fn config(desk: &Desk, args: &cli::Config) -> Result<()> {
    match &args.verb {
        cli::ConfigVerb::Show => desk.out.profile(&desk.profile),
        cli::ConfigVerb::Schema { of } => {
            let schemas = [("pgfold.toml", config::schema()), ("consolidation.toml", manifest::schema())];
            desk.out.schemas(&schemas, of.as_deref())
        }
    }
}

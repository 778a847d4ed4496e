//! What one may type around gates: explain, and which verbs can leave a run half-way.

use clap::Args;

use super::Verb;

#[derive(Debug, Clone, Args)]
pub struct Explain {
    /// A finding's rule, `check 4`, an exit code, `MIG-3`, a class of failure or an SQLSTATE; all when left out.
    #[arg(value_name = "ID", num_args = 0..)]
    pub id: Vec<String>,
}

impl Verb {
    /// For a verb that can leave a run half-way: the consolidation that was named.
    pub fn writes(&self) -> Option<Option<&str>> {
        let which = match self {
            Verb::Apply(args) => &args.writing.which,
            Verb::Enhance(args) => &args.which,
            Verb::Migrate(args) => &args.writing.which,
            Verb::Map(args) => &args.writing.which,
            Verb::Resume(args) => &args.which,
            _ => return None,
        };
        Some(which.consolidation.as_deref())
    }
}

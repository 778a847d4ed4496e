//! A run by hand for people: the instructions beside its files, and what to type next.

use super::Output;
use crate::cli::Format;
use crate::error::Result;
use crate::gate::ByHand;
use crate::text;

impl Output {
    /// The page beside the files.
    pub fn instructions(&self, by_hand: &ByHand) -> String {
        let whole = by_hand.files.first().is_some_and(|f| f.file.ends_with("1_ledger.sql"));
        let before = if whole {
            "## Before\n\n\
             1. Take a backup and read it back: `pgfold backup`, or pg_dump.\n\
             2. Read MIG-1.md, MIG-2.md and MIG-3.md in this folder.\n\
             3. Connect as a role that owns the target and may create a schema.\n\n"
        } else {
            "These are the files that were left; those before them are done (README.md).\n\n"
        };
        let (run, name) = (by_hand.run, text::inert(&by_hand.consolidation));
        let database = text::inert(&by_hand.database);
        let mut out = format!(
            "# Run {run} of {name} on {database}, by hand\n\n\
             Nothing of this was executed. Each file is one transaction; one that is not a transaction is marked.\n\n\
             {before}\
             ## The files, in this order\n\n| file | what it does |\n|---|---|\n"
        );
        for f in &by_hand.files {
            let alone = if f.alone { " (outside a transaction: psql only)" } else { "" };
            out.push_str(&format!(
                "| {} | {}{alone} |\n",
                text::inert(&f.file),
                text::inert(&f.intent).replace('|', "\\|")
            ));
        }
        let names: Vec<String> = by_hand.files.iter().map(|f| text::inert(&f.file)).collect();
        out.push_str(&format!(
            "\nOne by one, or all in a row from this folder; psql stops at the first error:\n\n\
             ```\nfor f in {}; do\n  psql -X -v ON_ERROR_STOP=1 -d DATABASE -f \"$f\" || break\ndone\n```\n\n\
             A file refuses another database, another server, a run that somebody else took over, a step that is done and\n\
             one whose turn it is not; then it has changed nothing. The same file may be begun again after any failure.\n\n",
            names.join(" \\\n  "),
        ));
        out.push_str("## After\n\n");
        if by_hand.mappings_later {
            out.push_str(
                "1. `pgfold resume --manual` looks at the rows as they are now, decides what they are mapped to and writes\n   \
                 the files that are left, the one that closes the run among them. Run them as above.\n",
            );
        } else {
            out.push_str("1. Nothing is left to be written: the last file closes the run.\n");
        }
        out.push_str(&format!(
            "2. `pgfold validate` runs the seven checks.\n\
             3. `pgfold resume` asks the gates MIG-4 to MIG-6 of what was done, and exports crosswalk and mappings.\n\n\
             `pgfold status` tells at any time how far it is. `pgfold resume` also finishes a run that was begun by hand.\n\n\
             ## Back\n\n\
             `psql -X -v ON_ERROR_STOP=1 -d DATABASE -f rollback-schema.sql` takes back what was done, at any point;\n\
             rollback.sql takes back the rows only. Files of run {run} refuse to go on afterwards.\n"
        ));
        out
    }

    /// The files on stdout, what to do with them on stderr.
    pub fn by_hand(&self, by_hand: &ByHand, page: &str) -> Result<()> {
        let last = by_hand.files.last().map_or("", |f| f.file.as_str());
        match self.format {
            Format::Json => self.json(by_hand)?,
            Format::Human => {
                let lines: Vec<String> =
                    by_hand.files.iter().map(|f| format!("{}/{}\n", by_hand.folder, f.file)).collect();
                self.text(&lines.concat())?;
            }
        }
        let count = text::count(by_hand.files.len() as u64, "file");
        self.say(&format!("{count} for psql in {}; nothing was executed", by_hand.folder));
        self.say(&format!("how to run them: {}/{page}", by_hand.folder));
        if by_hand.mappings_later {
            self.say(&format!("after {last}: `pgfold resume --manual` writes the mappings and the end of the run"));
        } else {
            self.say(&format!("after {last}: `pgfold validate`"));
        }
        Ok(())
    }
}

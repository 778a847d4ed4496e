//! How to go back, as a page that the DBA can hand to whoever is on call.

use std::time::Duration;

use crate::ledger::Ready;
use crate::text;

pub fn page(consolidation: &str, all: &[Ready]) -> String {
    let name = text::inert(consolidation);
    let mut out = format!("# Rollback of `{name}`: readiness\n\n");
    if all.is_empty() {
        out.push_str("Nothing stands that could be rolled back.\n");
        return out;
    }
    for r in all {
        let takes = text::duration(Duration::from_secs_f64(r.takes.ms / 1000.0));
        out.push_str(&format!("## Run {} ({}, {})\n\n", r.run, r.verb, r.state));
        match r.impossible() {
            Some(why) => {
                out.push_str(&format!("- **not possible any more**: {why}; the way back is `pgfold restore`\n"))
            }
            None if r.open => {
                out.push_str(&format!("- possible until {} at least: before-images are kept until then\n", r.until))
            }
            None => out.push_str(
                "- possible as long as nobody cleans up: the window is over, before-images may be thrown away\n",
            ),
        }
        if let Some(why) = r.refused() {
            out.push_str(&format!("- **refused as it is**: {why}\n"));
        }
        out.push_str(&format!(
            "- undoes {} inserted and {} merged rows, {} mappings; takes about {takes} ({})\n",
            text::thousands(r.inserted),
            text::thousands(r.merged),
            text::thousands(r.mappings),
            r.takes.basis
        ));
        let whole = match r.whole {
            None if r.digest.is_some() => {
                "crosswalk, before-images and mappings were hashed when the run was done; `pgfold status --rollback` hashes them again"
            }
            Some(true) => "crosswalk, before-images and mappings hash to what they were when the run was done",
            Some(false) => "**crosswalk, before-images or mappings are not what they were when the run was done**",
            None => "the run did not come to its end; its script is right all the same",
        };
        out.push_str(&format!("- {whole}\n"));
        if let Some(level) = &r.undone_level {
            out.push_str(&format!("- was rolled back to level {level}; further levels are left\n"));
        }
        if r.undone_part {
            out.push_str("- part of its rows was rolled back\n");
        }
        if !r.later.is_empty() {
            let later: Vec<String> = r.later.iter().map(ToString::to_string).collect();
            out.push_str(&format!(
                "- later runs stand: {}; take them along with `--with-later-runs`\n",
                text::list(&later)
            ));
        }
        out.push('\n');
    }
    out.push_str(PROCEDURE);
    out
}

const PROCEDURE: &str = "\
## What makes it impossible
- the schema `pgfold` is dropped, or `pgfold cleanup --before-images` ran after the window
- the target or its key is dropped or renamed; another server or database (the script looks)

It is refused, with a list, while rows were edited since (`--discard-edits`), rows refer to the run's rows \
(`--drop-references`, levels purge and schema), or later runs built on it (`--with-later-runs`).

## When to go back
1. a check fails on values that can be put right: fix, then `pgfold validate`
2. check 1 or 5 fails, or users see wrong rows: `pgfold rollback --execute` (level rows; soft-deletes, keeps everything)
3. check 6 fails, or the ledger is damaged: `pgfold restore FOLDER --into NAME`, compare, then `--in-place`

## Procedure for whoever is on call
1. `pgfold status` and `pgfold validate`: which run, which check
2. `pgfold rollback --run N --rehearse`: time and effect; nothing is changed
3. `pgfold rollback --run N --execute`; without pgfold: `psql -X -v ON_ERROR_STOP=1 -f rollback.sql` from the run's folder
4. `pgfold status`: the run says `rolled back`; a second call changes nothing
";

//! The manifest corrected where the contract does not hold, as a diff that nobody has applied.

use std::path::Path;

use crate::consolidation::Consolidation;
use crate::context::Desk;
use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::manifest::corrected;
use crate::render;
use crate::text;

/// Writes the diff where one is asked for and there is something to correct; says what it holds either way.
pub fn suggest(
    desk: &Desk,
    file: Option<&Path>,
    consolidation: &Consolidation,
    mismatches: Option<&[Finding]>,
) -> Result<()> {
    let Some(file) = file else { return Ok(()) };
    let corrected = corrected(&consolidation.text, mismatches.unwrap_or_default());
    if corrected.done.is_empty() {
        let why = if mismatches.is_none() { "the contract holds" } else { "no name comes near what is wrong" };
        desk.out.say(&format!("nothing to suggest: {why}; {} was not written", file.display()));
        return Ok(());
    }
    let diff = render::diff("consolidation.toml", &consolidation.text, &corrected.text);
    std::fs::write(file, diff).map_err(|e| Error::named_file("write", file, &e))?;
    desk.out.say(&format!(
        "{} corrects {}{}; read it, then in the manifest's folder: patch -p1 < {}",
        file.display(),
        text::count(corrected.done.len() as u64, "name"),
        match corrected.open {
            0 => String::new(),
            open => format!(" and leaves {} to you", text::count(open as u64, "mismatch")),
        },
        file.display()
    ));
    Ok(())
}

//! The `.env` of the working folder: found there only, read only when it is a plain file of one's own that others can
//! neither read nor write, as libpq asks of a password file.

use std::path::Path;

use crate::config::DotEnv;
use crate::error::{Error, Result};

/// A settings file is a page; what is larger is none.
const LARGEST: u64 = 1 << 20;

/// The file that was read.
pub struct Found {
    /// Its whole path, safe to be shown.
    pub path: String,
    pub pairs: Vec<(String, String)>,
}

/// The file's whole path and its variables; `None` when there is no such file. Everything wrong with it at once.
pub fn dotenv() -> Result<Option<Found>> {
    let file = Path::new(".env");
    let about = match std::fs::symlink_metadata(file) {
        Ok(about) => about,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(refused(file, vec![e.to_string()], "make the folder readable".to_owned())),
    };
    let path = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let shown = crate::text::inert(&path.display().to_string());
    if !about.is_file() || about.len() > LARGEST {
        let why = "it is not a plain file of at most 1 MB".to_owned();
        return Err(refused(&path, vec![why], "put the settings themselves into `.env`".to_owned()));
    }
    let mut mistakes = whose(&about);
    let hint = match mistakes.is_empty() {
        true => "write NAME=value, one a line; a value with blanks or quotes in single quotes".to_owned(),
        false => "chmod 600 .env".to_owned(),
    };
    let pairs = match std::fs::read_to_string(file) {
        Ok(text) => {
            let read = DotEnv::read(&text);
            mistakes.extend(read.mistakes);
            read.pairs
        }
        Err(e) => {
            mistakes.push(e.to_string());
            Vec::new()
        }
    };
    if !mistakes.is_empty() {
        return Err(refused(&path, mistakes, hint));
    }
    let pairs = pairs.into_iter().map(|(name, value)| (name, value.reveal().to_owned())).collect();
    Ok(Some(Found { path: shown, pairs }))
}

/// Owner and mode, as for `.pgpass`; root's own file is believed as well.
#[cfg(unix)]
fn whose(about: &std::fs::Metadata) -> Vec<String> {
    use std::os::unix::fs::MetadataExt;
    let mut found = Vec::new();
    let me = std::fs::metadata("/proc/self").map(|m| m.uid()).unwrap_or_else(|_| about.uid());
    if about.uid() != me && about.uid() != 0 {
        found.push("it belongs to another user".to_owned());
    }
    if about.mode() & 0o077 != 0 {
        found.push(format!(
            "group or others may read or write it (mode {:04o}); it must be 0600 or less",
            about.mode() & 0o7777
        ));
    }
    found
}

#[cfg(not(unix))]
fn whose(_: &std::fs::Metadata) -> Vec<String> {
    Vec::new()
}

fn refused(file: &Path, mistakes: Vec<String>, hint: String) -> Error {
    let what = format!("`{}` cannot be used", crate::text::inert(&file.display().to_string()));
    Error::Configuration { what, mistakes, hint }
}

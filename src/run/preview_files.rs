//! A dry run as files: everything it foretells, as CSV and NDJSON that drive neither terminal nor spreadsheet.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::context::Ground;
use crate::error::{Error, Result};
use crate::execute::foretell;
use crate::folder::Sheet;
use crate::pg::Session;
use crate::plan::Plan;
use crate::text;

const KINDS: [(&str, &[&str]); 3] = [
    ("rows", &["source", "id", "key", "outcome", "reason", "winner", "target_id", "defaulted", "lossy"]),
    ("faults", &["source", "id", "key", "code", "object"]),
    ("differences", &["source", "id", "key", "outcome", "holder", "column", "there", "incoming"]),
];

struct Files {
    path: PathBuf,
    columns: &'static [&'static str],
    csv: Sheet<File>,
    ndjson: BufWriter<File>,
}

/// Writes `rows`, `faults` and `differences` into the folder, readable by their owner only.
pub async fn write(folder: &Path, plan: &Plan, ground: &Ground, session: &mut Session, reveal: bool) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true).mode(0o700).create(folder).map_err(|e| Error::named_file("make the folder", folder, &e))?;
    let mut all = Vec::new();
    for (kind, columns) in KINDS {
        all.push((kind, Files::new(&folder.join(kind), columns)?));
    }
    foretell(session, plan, &ground.settings(), reveal, |kind, row| {
        all.iter_mut().filter(|(k, _)| *k == kind).try_for_each(|(_, files)| files.add(&row))
    })
    .await?;
    for (_, files) in &mut all {
        let flushed = files.csv.flush().and_then(|()| files.ndjson.flush());
        flushed.map_err(|e| Error::file("write", &files.path, e))?;
    }
    Ok(())
}

impl Files {
    fn new(path: &Path, columns: &'static [&'static str]) -> Result<Files> {
        let open = |extension: &str| {
            let path = path.with_extension(extension);
            let mut options = std::fs::OpenOptions::new();
            let file = options.write(true).create(true).truncate(true).mode(0o600).open(&path);
            file.map_err(|e| Error::file("write", &path, e))
        };
        let csv = Sheet::new(open("csv")?, columns).map_err(|e| Error::file("write", path, e))?;
        Ok(Files { path: path.to_owned(), columns, csv, ndjson: BufWriter::new(open("ndjson")?) })
    }

    fn add(&mut self, row: &Value) -> Result<()> {
        let wrong = |e: std::io::Error| Error::file("write", &self.path, e);
        writeln!(self.ndjson, "{}", escaped(&row.to_string())).map_err(wrong)?;
        let (there, incoming) = (&row["there"], &row["incoming"]);
        let Value::Object(fields) = incoming else {
            let cells = self.columns.iter().map(|c| cell(&row[*c]));
            return self.csv.line(cells).map_err(|e| Error::file("write", &self.path, e));
        };
        for (column, value) in fields.iter().filter(|(column, value)| there[column.as_str()] != **value) {
            let mut cells: Vec<String> = self.columns[..5].iter().map(|c| cell(&row[*c])).collect();
            cells.extend([cell(&column.as_str().into()), cell(&there[column.as_str()]), cell(value)]);
            self.csv.line(cells).map_err(|e| Error::file("write", &self.path, e))?;
        }
        Ok(())
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// JSON escapes C0 by itself; C1, DEL and what turns the writing direction are left.
fn escaped(json: &str) -> String {
    let risky = |c: char| c == '\u{7f}' || ('\u{80}'..='\u{9f}').contains(&c) || text::is_bidi(c);
    if !json.contains(risky) {
        return json.to_owned();
    }
    json.chars().map(|c| if risky(c) { format!("\\u{:04x}", c as u32) } else { c.to_string() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_drives_a_terminal() {
        let hostile = Value::from("a\u{1b}[2J\u{9b}1m\u{202e}b");
        let told = escaped(&hostile.to_string());
        assert!(told.chars().all(|c| !c.is_control() && !text::is_bidi(c)), "{told:?}");
        assert_eq!(serde_json::from_str::<Value>(&escaped(&hostile.to_string())).unwrap(), hostile);
    }
}

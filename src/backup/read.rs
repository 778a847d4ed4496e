//! Reads a backup back to its last row.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::manifest::{DUMP, fingerprint};
use super::program::{at_least, bare, failed};
use super::{Manifest, Rows, refuse};
use crate::error::{Error, Result};
use crate::text;

/// What was found by reading.
#[derive(Debug, Clone)]
pub struct Proof {
    pub tables: u64,
    pub rows: u64,
    pub took: Duration,
}

/// Refuses a backup whose file is missing, other than it was, unreadable, or holds other rows than were counted.
pub fn verify(folder: &Path, manifest: &Manifest) -> Result<Proof> {
    let began = Instant::now();
    let (bytes, sha256) = fingerprint(folder)?;
    if bytes != manifest.bytes || sha256 != manifest.sha256 {
        return Err(refuse(
            format!(
                "the backup is damaged: `{DUMP}` holds {bytes} bytes with SHA-256 {sha256}, written were {} bytes with {}",
                manifest.bytes, manifest.sha256
            ),
            "take another: `pgfold backup`",
        ));
    }
    at_least("pg_restore", manifest.major(), "the backup")?;
    let read = rows(folder)?;
    let wrong: Vec<String> = (manifest.tables.iter().chain(&manifest.around))
        .filter(|t| read.get(&t.table).copied().unwrap_or(0) != t.rows)
        .map(|Rows { table, rows }| {
            format!("{table} has {} rows instead of {rows}", read.get(table).copied().unwrap_or(0))
        })
        .collect();
    if !wrong.is_empty() {
        return Err(refuse(
            format!("the backup does not hold what was counted: {}", text::inert(&text::list(&wrong))),
            "take another: `pgfold backup`",
        ));
    }
    let rows = manifest.tables.iter().map(|t| t.rows).sum();
    Ok(Proof { tables: manifest.tables.len() as u64, rows, took: began.elapsed() })
}

/// Rows per table, counted in what pg_restore gives out.
fn rows(folder: &Path) -> Result<BTreeMap<String, u64>> {
    let mut command = bare("pg_restore");
    command.args(["--data-only", "--file=-"]).arg(folder.join(DUMP)).stdout(Stdio::piped()).stderr(Stdio::piped());
    let what = "pg_restore cannot read the backup";
    let mut child = command.spawn().map_err(|e| failed(what, &e.to_string()))?;
    let mut counted: BTreeMap<String, u64> = BTreeMap::new();
    let mut table: Option<String> = None;
    if let Some(out) = child.stdout.take() {
        let mut lines = BufReader::with_capacity(1 << 20, out);
        let mut line = Vec::new();
        loop {
            line.clear();
            let n = lines.read_until(b'\n', &mut line).map_err(|e| failed(what, &e.to_string()))?;
            if n == 0 {
                break;
            }
            match &table {
                Some(name) if line == b"\\.\n" => {
                    counted.entry(name.clone()).or_default();
                    table = None;
                }
                Some(name) => *counted.entry(name.clone()).or_default() += 1,
                None => table = copied(&line),
            }
        }
    }
    let mut said = String::new();
    if let Some(mut err) = child.stderr.take() {
        err.read_to_string(&mut said).ok();
    }
    let status = child.wait().map_err(|e| failed(what, &e.to_string()))?;
    if !status.success() {
        let Error::Program { why, .. } = failed(what, &said) else { return Err(failed(what, &said)) };
        return Err(refuse(format!("{what}: {why}"), "take another: `pgfold backup`"));
    }
    Ok(counted)
}

/// The table of a `COPY name (…) FROM stdin;` line; a name may hold blanks and parentheses inside its quotes.
fn copied(line: &[u8]) -> Option<String> {
    let line = String::from_utf8_lossy(line);
    let rest = line.strip_prefix("COPY ")?;
    let mut quoted = false;
    let end = rest.find(|c: char| {
        quoted ^= c == '"';
        !quoted && c == ' '
    })?;
    Some(rest[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copied_name_may_hold_blanks() {
        assert_eq!(copied(b"COPY public.\"a \"\"( b\" (x) FROM stdin;\n").as_deref(), Some("public.\"a \"\"( b\""));
        assert_eq!(copied(b"SELECT 1;\n"), None);
    }
}

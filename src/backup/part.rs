//! A backup of the touched tables: the schema of everything, and the rows that they need to come back.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::manifest::{DUMP, write};
use super::program::{Access, bare, run};
use crate::error::{Error, Result};
use crate::pg::{Arg, Session};
use crate::sql::Sql;

/// What pg_restore is to replace in place, in its own list format.
const LIST: &str = "in-place.list";

/// The tables of such a backup.
#[derive(Debug, Default)]
pub struct Kept {
    /// Quoted names; the touched ones with their partitions.
    pub touched: Vec<String>,
    /// What rows of theirs refer to.
    pub around: Vec<String>,
    /// Tables that come back empty.
    empty: Vec<String>,
}

pub async fn kept(session: &mut Session, touched: &[String]) -> Result<Kept> {
    #[derive(Deserialize)]
    struct Row {
        name: String,
        touched: bool,
    }
    let sql = Sql::constant(include_str!("../../sql/backup/kept.sql"));
    let rows: Vec<Row> = session.rows("listing what is touched", &sql, &[Arg::Texts(touched.to_vec())]).await?;
    let (touched, around): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|r| r.touched);
    let names = |rows: Vec<Row>| rows.into_iter().map(|r| r.name).collect::<Vec<_>>();
    let (touched, around) = (names(touched), names(around));
    let all = Sql::constant(include_str!("../../sql/backup/tables.sql"));
    let all: Vec<String> = session.rows("listing tables", &all, &[Arg::OptionalText(None)]).await?;
    let empty = all.into_iter().filter(|t| !touched.contains(t) && !around.contains(t)).collect();
    Ok(Kept { touched, around, empty })
}

impl Kept {
    /// Beside what any dump is asked for; pg_dump reads patterns, and in double quotes a name means itself.
    pub fn arguments(&self) -> Vec<String> {
        let empty = self.empty.iter().map(|t| format!("--exclude-table-data={t}"));
        std::iter::once("--no-blobs".to_owned()).chain(empty).collect()
    }

    /// Writes the list of what comes back in place: what a dump of the touched tables alone would hold.
    pub fn list(&self, access: &Access, snapshot: &str, folder: &Path) -> Result<()> {
        let alone = folder.join("touched.part");
        let mut dump = access.command("pg_dump");
        dump.args(["--format=custom", "--schema-only", "--lock-wait-timeout=30000", "--snapshot"]).arg(snapshot);
        dump.arg("--file").arg(&alone);
        for table in &self.touched {
            dump.arg("--table").arg(table);
        }
        let listed = run("pg_dump did not finish", &mut dump).and_then(|_| lines(&alone));
        std::fs::remove_file(&alone).ok();
        let own: BTreeSet<String> = listed?.iter().filter_map(|l| tag(l)).collect();
        let mine: Vec<String> =
            (lines(&folder.join(DUMP))?.into_iter()).filter(|l| tag(l).is_some_and(|t| own.contains(&t))).collect();
        write(folder, LIST, &format!("{}\n", mine.join("\n")), 0o600)
    }
}

/// The lines of pg_restore's list, comments left out.
fn lines(dump: &Path) -> Result<Vec<String>> {
    let output = run("pg_restore cannot list the backup", bare("pg_restore").arg("--list").arg(dump))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text.lines().filter(|l| !l.starts_with(';')).map(str::to_owned).collect())
}

/// What an entry is of, whatever its number is; rows and a sequence's place go with their table and sequence.
fn tag(line: &str) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().skip(3).collect();
    Some(match words.as_slice() {
        [] => return None,
        ["TABLE", "DATA", rest @ ..] => format!("TABLE {}", rest.join(" ")),
        ["SEQUENCE", "SET", rest @ ..] => format!("SEQUENCE {}", rest.join(" ")),
        all => all.join(" "),
    })
}

/// The list, where the backup is one of touched tables.
pub fn list_of(folder: &Path) -> Option<PathBuf> {
    Some(folder.join(LIST)).filter(|f| f.is_file())
}

/// The entries that come back in place.
pub fn entries(folder: &Path) -> Result<Vec<String>> {
    match list_of(folder) {
        Some(list) => {
            let text = std::fs::read_to_string(&list).map_err(|e| Error::file("read", &list, e))?;
            Ok(text.lines().map(str::to_owned).collect())
        }
        None => lines(&folder.join(DUMP)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_go_with_their_table() {
        assert_eq!(
            tag("3410; 0 16399 TABLE DATA public agents keeper"),
            tag("218; 1259 16399 TABLE public agents keeper")
        );
        assert_eq!(tag("3; 1259 7 SEQUENCE SET public s keeper"), tag("9; 0 0 SEQUENCE public s keeper"));
        assert_ne!(tag("3; 0 0 TABLE public a keeper"), tag("3; 0 0 TABLE public b keeper"));
    }
}

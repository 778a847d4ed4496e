//! What a backup says of itself: `backup.json` beside `database.dump`.

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::refuse;
use crate::catalog::ServerFacts;
use crate::error::{Error, Result};

pub const DUMP: &str = "database.dump";
const MANIFEST: &str = "backup.json";

/// A table and how many rows of it the backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// Quoted and qualified, as the server writes it.
    pub table: String,
    pub rows: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    pub taken_at: String,
    /// Seconds since 1970, for comparing ages.
    pub taken_at_epoch: u64,
    pub database: String,
    pub system_identifier: Option<String>,
    /// As `server_version_num`.
    pub server_version: i32,
    pub pg_dump: String,
    pub pgfold: String,
    /// Everything, or the named tables only.
    pub whole: bool,
    pub bytes: u64,
    pub sha256: String,
    pub tables: Vec<Rows>,
    /// Of a backup of named tables: what their rows refer to, held beside them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub around: Vec<Rows>,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// Whether it was read back since.
    pub verified: bool,
    /// Whether it was restored into a throw-away database, as one of named tables must be before it counts.
    #[serde(default)]
    pub restored: bool,
}

impl Manifest {
    /// Whether it may be relied on.
    pub fn counts(&self) -> bool {
        self.verified && (self.whole || self.restored)
    }

    pub fn read(folder: &Path) -> Result<Manifest> {
        let path = folder.join(MANIFEST);
        let text = std::fs::read_to_string(&path).map_err(|e| {
            refuse(
                format!("there is no backup in `{}`: {e}", folder.display()),
                "name the folder that holds backup.json, or take one: `pgfold backup`",
            )
        })?;
        let manifest: Manifest = serde_json::from_str(&text)
            .map_err(|e| refuse(format!("the backup's manifest is damaged: {e}"), "take another: `pgfold backup`"))?;
        if manifest.format != 1 {
            return Err(refuse(
                format!("the backup has format {}, this pgfold reads format 1", manifest.format),
                "read it with the pgfold that took it",
            ));
        }
        Ok(manifest)
    }

    pub fn write(&self, folder: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self).map_err(|e| Error::bug(e.to_string()))?;
        write(folder, MANIFEST, &format!("{text}\n"), 0o600)
    }

    /// Every table whose rows it holds.
    pub fn everything(&self) -> Vec<Rows> {
        self.tables.iter().chain(&self.around).cloned().collect()
    }

    /// Refuses a backup of another database.
    pub fn is_of(&self, server: &ServerFacts) -> Result<()> {
        let other = self.database != server.database
            || matches!((&self.system_identifier, &server.system_identifier), (Some(a), Some(b)) if a != b);
        if other {
            return Err(refuse(
                format!("the backup is of another database (`{}`)", crate::text::inert(&self.database)),
                "restore it into a new one: `pgfold restore FOLDER --into NAME`",
            ));
        }
        Ok(())
    }

    pub fn major(&self) -> i32 {
        self.server_version / 10_000
    }
}

/// A file that only its owner may read.
pub fn write(folder: &Path, name: &str, text: &str, mode: u32) -> Result<()> {
    let path = folder.join(name);
    let mut options = std::fs::OpenOptions::new();
    let file = options.write(true).create(true).truncate(true).mode(mode).open(&path);
    let mut file = file.map_err(|e| Error::file("write", &path, e))?;
    file.write_all(text.as_bytes()).map_err(|e| Error::file("write", &path, e))
}

/// Size and SHA-256 of the dump as it lies there.
pub fn fingerprint(folder: &Path) -> Result<(u64, String)> {
    let path = folder.join(DUMP);
    let missing = |e: std::io::Error| {
        refuse(format!("the backup's file `{}` is not there: {e}", path.display()), "take another: `pgfold backup`")
    };
    let mut file = File::open(&path).map_err(missing)?;
    let (mut hash, mut bytes, mut piece) = (Sha256::new(), 0u64, vec![0u8; 1 << 20]);
    loop {
        let n = file.read(&mut piece).map_err(|e| Error::file("read", &path, e))?;
        if n == 0 {
            break;
        }
        bytes += n as u64;
        hash.update(&piece[..n]);
    }
    Ok((bytes, hash.finalize().iter().map(|b| format!("{b:02x}")).collect()))
}

/// The youngest verified backup of a database among the folders in `backups`.
pub fn newest(backups: &Path, database: &str, system_identifier: Option<&str>) -> Option<(PathBuf, Manifest)> {
    before(backups, database, system_identifier, u64::MAX)
}

/// The same, of those taken no later than `at`, in seconds since 1970.
pub fn before(backups: &Path, database: &str, system_identifier: Option<&str>, at: u64) -> Option<(PathBuf, Manifest)> {
    let folders = std::fs::read_dir(backups).ok()?.filter_map(|f| f.ok().map(|f| f.path()));
    folders
        .filter_map(|folder| Manifest::read(&folder).ok().map(|m| (folder, m)))
        .filter(|(folder, m)| {
            m.taken_at_epoch <= at && m.counts() && m.database == database && size(folder) == Some(m.bytes)
        })
        .filter(|(_, m)| match (m.system_identifier.as_deref(), system_identifier) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        })
        .max_by_key(|(_, m)| m.taken_at_epoch)
}

fn size(folder: &Path) -> Option<u64> {
    folder.join(DUMP).metadata().ok().filter(std::fs::Metadata::is_file).map(|m| m.len())
}

//! Whose rights the server runs with: PostgreSQL refuses root.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use crate::error::{Error, Result};

/// Somebody without rights, for the server of a caller who is root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Account {
    pub uid: u32,
    pub gid: u32,
}

/// `postgres` or `nobody` when we are root; `None` when we can run the server ourselves.
pub(super) fn of_the_server() -> Result<Option<Account>> {
    if !we_are_root() {
        return Ok(None);
    }
    let path = Path::new("/etc/passwd");
    let users = fs::read_to_string(path).map_err(|e| Error::file("read", path, e))?;
    let account = ["postgres", "nobody"].iter().find_map(|name| named(&users, name));
    account.map(Some).ok_or_else(|| Error::Program {
        what: "cannot start a server as root".to_owned(),
        why: "PostgreSQL refuses root, and neither `postgres` nor `nobody` is a user of this machine".to_owned(),
        hint: "run as another user, or `useradd --system postgres`".to_owned(),
    })
}

pub(super) fn we_are_root() -> bool {
    our_uid() == Some(0)
}

/// Asked of `id`, since the standard library does not know.
pub(super) fn our_uid() -> Option<u32> {
    static UID: OnceLock<Option<u32>> = OnceLock::new();
    *UID.get_or_init(|| {
        let output = Command::new("id").arg("-u").output().ok()?;
        String::from_utf8(output.stdout).ok()?.trim().parse().ok()
    })
}

/// Whether any user may pass through the folder, as far as it exists.
pub(super) fn others_may_enter(folder: &Path) -> bool {
    folder.ancestors().filter_map(|a| fs::metadata(a).ok()).all(|m| m.mode() & 0o001 != 0)
}

fn named(passwd: &str, name: &str) -> Option<Account> {
    let line = passwd.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut ids = line.split(':').skip(2).map(str::parse);
    Some(Account { uid: ids.next()?.ok()?, gid: ids.next()?.ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_found_by_the_whole_name() {
        let passwd = "postgresql:x:1:2::/:/bin/sh\npostgres:x:101:104:PostgreSQL,,,:/var/lib:/bin/sh\n";
        assert_eq!(named(passwd, "postgres"), Some(Account { uid: 101, gid: 104 }));
        assert_eq!(named(passwd, "nobody"), None);
    }
}
